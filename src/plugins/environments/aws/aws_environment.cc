#include "plugins/environments/aws/aws_environment.h"

namespace slipway::plugins::environments::aws {

EnvironmentPlugin plugin() {
  return {
      .name = "aws", .doc = "An Amazon Web Services account: ECR, S3, SageMaker. Not in this version.", .create = {}};
}

}  // namespace slipway::plugins::environments::aws
