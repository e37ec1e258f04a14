#include "kube/kubeconfig.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "archive/archive.h"
#include "base/ids.h"

namespace slipway::kube {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class KubeconfigTest : public testing::Test {
 protected:
  std::filesystem::path write(const std::string& name, const std::string& text) {
    const auto file = folder_->path() / name;
    std::ofstream(file) << text;
    return file;
  }
  Result<archive::TemporaryFolder> folder_ = archive::TemporaryFolder::create("slipway-kubeconfig-");
};

constexpr const char* kTwoContexts = R"(
apiVersion: v1
kind: Config
current-context: dev
contexts:
- {name: dev, context: {cluster: one, user: certificate, namespace: team}}
- {name: prod, context: {cluster: two, user: plugin}}
clusters:
- {name: one, cluster: {server: "https://one:6443/", certificate-authority: ca.crt}}
- {name: two, cluster: {server: "https://two", tls-server-name: api.two, insecure-skip-tls-verify: true}}
users:
- {name: certificate, user: {client-certificate-data: Y2VydA==, client-key-data: a2V5}}
- name: plugin
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1
      command: aws
      args: [eks, get-token, --cluster-name, two]
      env: [{name: AWS_PROFILE, value: team}]
      installHint: Install the AWS CLI.
)";

TEST_F(KubeconfigTest, ReadsTheCurrentContextAndAnyOther) {
  write("ca.crt", "PEM");
  const auto file = write("config", kTwoContexts);
  const auto dev = read_kubeconfig(file);
  ASSERT_TRUE(dev) << dev.error().to_string();
  EXPECT_EQ(dev->server, "https://one:6443");
  EXPECT_EQ(dev->authorities, "PEM");
  EXPECT_EQ(dev->certificate, "cert");
  EXPECT_EQ(dev->key.reveal(), "key");
  EXPECT_EQ(dev->space, "team");
  const auto prod = read_kubeconfig(file, "prod");
  ASSERT_TRUE(prod) << prod.error().to_string();
  EXPECT_FALSE(prod->verify);
  EXPECT_EQ(prod->server_name, "api.two");
  EXPECT_EQ(prod->space, "default");
  ASSERT_TRUE(prod->exec);
  EXPECT_EQ(prod->exec->command, "aws");
  EXPECT_THAT(prod->exec->args, ElementsAre("eks", "get-token", "--cluster-name", "two"));
  EXPECT_EQ(prod->exec->env.at("AWS_PROFILE"), "team");
}

TEST_F(KubeconfigTest, NamesWhatIsMissingAndWhatThereIs) {
  const auto file = write("config", kTwoContexts);
  const auto unknown = read_kubeconfig(file, "prd");
  ASSERT_FALSE(unknown);
  EXPECT_THAT(unknown.error().to_string(), HasSubstr("Did you mean 'prod'?"));
  const auto no_authority = read_kubeconfig(file);
  ASSERT_FALSE(no_authority);
  EXPECT_THAT(no_authority.error().message(), HasSubstr("ca.crt"));
  EXPECT_FALSE(read_kubeconfig(write("empty", "{}")));
  EXPECT_FALSE(read_kubeconfig(write("broken", "a: [")));
}

TEST_F(KubeconfigTest, LooksWhereKubectlLooks) {
  write("ca.crt", "PEM");
  const auto file = write("config", kTwoContexts);
  const auto named = find_access({}, {{"KUBECONFIG", "/no/such:" + file.string()}});
  ASSERT_TRUE(named) << named.error().to_string();
  EXPECT_EQ(named->server, "https://one:6443");
  std::filesystem::create_directories(folder_->path() / ".kube");
  std::filesystem::copy(file, folder_->path() / ".kube" / "config");
  write(".kube/ca.crt", "PEM");
  EXPECT_TRUE(find_access({}, {{"HOME", folder_->path().string()}}));
  EXPECT_TRUE(find_access({.file = "~/config"}, {{"HOME", folder_->path().string()}}));
  const auto nothing = find_access({}, {{"HOME", "/no/such/home"}});
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().code(), Code::not_found);
}

TEST_F(KubeconfigTest, APodUsesItsAccount) {
  write("ca.crt", "PEM");
  write("token", "secret-token");
  write("namespace", "jobs\n");
  const auto access =
      in_cluster_access({{"KUBERNETES_SERVICE_HOST", "fd00::1"}, {"KUBERNETES_SERVICE_PORT", "6443"}}, folder_->path());
  ASSERT_TRUE(access) << access.error().to_string();
  EXPECT_EQ(access->server, "https://[fd00::1]:6443");
  EXPECT_EQ(access->space, "jobs");
  EXPECT_EQ(access->token_file, folder_->path() / "token");
}

}  // namespace
}  // namespace slipway::kube
