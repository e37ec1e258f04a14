"""Trains a softmax classifier on the Iris flowers, with nothing but the standard library.

Parameters come from the launch (WANDB_CONFIG, as `slipway launch -c` and the web form set it): epochs, learning_rate, seed.
Ends with status 1 when the model is worse than a coin would be on held-out flowers, so that the item fails as it should.
"""
import csv
import json
import math
import os
import random
import sys
from pathlib import Path

HERE = Path(__file__).parent
DEFAULTS = {"epochs": 300, "learning_rate": 0.1, "seed": 7}


def parameters():
    given = json.loads(os.environ.get("WANDB_CONFIG") or "{}")
    return {name: type(value)(given.get(name, value)) for name, value in DEFAULTS.items()}


def load():
    with open(HERE / "iris.csv", newline="") as file:
        rows = list(csv.reader(file))[1:]
    species = sorted({row[4] for row in rows})
    return [([float(x) for x in row[:4]], species.index(row[4])) for row in rows], species


def standardise(samples, reference):
    columns = list(zip(*(x for x, _ in reference)))
    means = [sum(column) / len(column) for column in columns]
    deviations = [math.sqrt(sum((x - m) ** 2 for x in column) / len(column)) for column, m in zip(columns, means)]
    return [([(x - m) / d for x, m, d in zip(xs, means, deviations)] + [1.0], label) for xs, label in samples]


def probabilities(weights, x):
    scores = [sum(w * v for w, v in zip(row, x)) for row in weights]
    top = max(scores)
    powers = [math.exp(score - top) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]


def accuracy(weights, samples):
    right = sum(max(range(len(weights)), key=lambda k: probabilities(weights, x)[k]) == label for x, label in samples)
    return right / len(samples)


def main():
    chosen = parameters()
    print(f"parameters {json.dumps(chosen)}", flush=True)
    samples, species = load()
    random.Random(chosen["seed"]).shuffle(samples)
    held_out, training = samples[:30], samples[30:]
    held_out, training = standardise(held_out, training), standardise(training, training)
    weights = [[0.0] * 5 for _ in species]
    for epoch in range(1, chosen["epochs"] + 1):
        gradient = [[0.0] * 5 for _ in species]
        loss = 0.0
        for x, label in training:
            p = probabilities(weights, x)
            loss -= math.log(max(p[label], 1e-12))
            for k in range(len(species)):
                error = p[k] - (k == label)
                for j, value in enumerate(x):
                    gradient[k][j] += error * value
        for row, slope in zip(weights, gradient):
            for j in range(5):
                row[j] -= chosen["learning_rate"] * slope[j] / len(training)
        if epoch == 1 or epoch % 25 == 0:
            print(f"epoch {epoch:4d}  loss {loss / len(training):.4f}  held-out accuracy {accuracy(weights, held_out):.3f}", flush=True)
    result = accuracy(weights, held_out)
    print(f"result {json.dumps({'accuracy': round(result, 4), 'species': species, 'held_out': len(held_out)})}", flush=True)
    return 0 if result > 0.5 else 1


if __name__ == "__main__":
    sys.exit(main())
