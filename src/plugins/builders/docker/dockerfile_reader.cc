#include <algorithm>
#include <set>

#include "base/strings.h"
#include "plugins/builders/docker/build_plan.h"

namespace slipway::plugins::builders::docker {
namespace {

using Variables = std::map<std::string, std::string>;

struct Instruction {
  std::string name;                ///< Lower case.
  std::vector<std::string> words;  ///< What follows it.
};

/// Instructions with continued lines joined. Bodies of here-documents look like odd instructions, which nobody asks for.
std::vector<Instruction> read_instructions(const std::string& text) {
  std::vector<Instruction> all;
  std::string joined;
  for (const auto& raw : split(text, '\n')) {
    std::string_view line = trim(raw);
    if (line.empty() || line.starts_with('#')) continue;
    const bool goes_on = line.ends_with('\\');
    if (goes_on) line.remove_suffix(1);
    joined += std::string(line) + " ";
    if (goes_on) continue;
    Instruction instruction;
    for (const auto& word : split(replace_all(joined, "\t", " "), ' ')) {
      if (word.empty()) continue;
      if (instruction.name.empty())
        instruction.name = lower(word);
      else
        instruction.words.push_back(word);
    }
    joined.clear();
    if (!instruction.name.empty()) all.push_back(std::move(instruction));
  }
  return all;
}

/// $NAME, ${NAME} and ${NAME:-default}. Nothing when a variable is not known.
std::optional<std::string> fill_in(std::string_view text, const Variables& variables) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '$') {
      out += text[i];
      continue;
    }
    const bool braced = i + 1 < text.size() && text[i + 1] == '{';
    const auto begin = i + (braced ? 2 : 1);
    auto end = begin;
    while (end < text.size() && (std::isalnum(static_cast<unsigned char>(text[end])) || text[end] == '_')) ++end;
    const auto known = variables.find(std::string(text.substr(begin, end - begin)));
    std::optional<std::string> otherwise;
    auto close = end;
    if (braced) {
      close = text.find('}', end);
      if (close == std::string_view::npos) return std::nullopt;
      if (text.substr(end, 2) == ":-") otherwise = text.substr(end + 2, close - end - 2);
    }
    if (known != variables.end())
      out += known->second;
    else if (otherwise)
      out += *otherwise;
    else
      return std::nullopt;
    i = braced ? close : end - 1;
  }
  return out;
}

std::string unquoted(std::string text) {
  const bool quoted = text.size() >= 2 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front();
  return quoted ? text.substr(1, text.size() - 2) : text;
}

}  // namespace

std::vector<std::string> base_images(const std::string& dockerfile,
                                     const std::map<std::string, std::string>& build_args) {
  std::vector<std::string> images;
  std::set<std::string> stages;
  Variables variables;
  bool before_first_stage = true;
  int stage_count = 0;
  const auto add = [&](const std::string& written) {
    const auto image = fill_in(unquoted(written), variables);
    if (!image || image->empty() || *image == "scratch" || stages.contains(lower(*image))) return;
    if (std::ranges::find(images, *image) == images.end()) images.push_back(*image);
  };
  for (const auto& instruction : read_instructions(dockerfile)) {
    auto words = instruction.words;
    if (instruction.name == "arg" && before_first_stage && !words.empty()) {
      const auto equals = words[0].find('=');
      const auto name = words[0].substr(0, equals);
      if (const auto given = build_args.find(name); given != build_args.end())
        variables[name] = given->second;
      else if (equals != std::string::npos)
        variables[name] = unquoted(words[0].substr(equals + 1));
    } else if (instruction.name == "from") {
      before_first_stage = false;
      std::erase_if(words, [](const std::string& word) { return word.starts_with("--"); });
      if (words.empty()) continue;
      add(words[0]);
      stages.insert(std::to_string(stage_count++));
      if (words.size() >= 3 && lower(words[1]) == "as") stages.insert(lower(words[2]));
    } else if (instruction.name == "copy" || instruction.name == "run") {
      for (const auto& word : words) {
        if (word.starts_with("--from=")) add(word.substr(7));
      }
    }
  }
  return images;
}

bool has_entry_point(const std::string& dockerfile) {
  bool found = false;
  for (const auto& instruction : read_instructions(dockerfile)) {
    if (instruction.name == "from") found = false;
    if (instruction.name == "entrypoint" && !instruction.words.empty()) found = true;
  }
  return found;
}

}  // namespace slipway::plugins::builders::docker
