#include "plugins/builders/docker/docker_cli.h"

#include <charconv>

#include "base/ids.h"
#include "base/strings.h"
#include "plugins/builders/docker/dockerfile.h"
#include "plugins/program_lines.h"
#include "plugins/registries/local/image_store.h"
#include "plugins/registries/oci/docker_credentials.h"
#include "proc/process.h"

namespace slipway::plugins::builders::docker {
namespace fs = std::filesystem;
namespace {

using Environment = std::map<std::string, std::string>;

constexpr std::size_t kLastLines = 20;
constexpr int kFirstWithoutBuiltinBuildkit = 23;

Task<proc::ProcessResult> ask_docker(Environment env, std::vector<std::string> arguments) {
  proc::ProcessSpec spec;
  spec.argv = std::move(arguments);
  spec.argv.insert(spec.argv.begin(), "docker");
  spec.env = std::move(env);
  spec.timeout = Millis(60'000);
  auto result = co_await proc::run(std::move(spec));
  if (!result && result.error().code() == Code::not_found) {
    co_return Error(Code::failed_precondition, "there is no docker program in PATH")
        .hint("Install Docker's command line, or set builder.type to noop in launch-config.yaml.");
  }
  co_return result;
}

int major_version(const std::string& text) {
  int major = 0;
  std::from_chars(text.data(), text.data() + text.size(), major);
  return major;
}

}  // namespace

Task<BuildEngine> find_build_engine(Environment env) {
  std::vector<std::string> ask_version = {"version", "--format", "{{json .}}"};
  CO_TRY(const auto version, co_await ask_docker(env, std::move(ask_version)));
  if (!version.ok()) {
    if (auto error = registries::local::daemon_error(version.err)) co_return *std::move(error);
    co_return Error(Code::unavailable, "docker does not work: " + version.tail(5));
  }
  std::vector<std::string> ask_buildx = {"buildx", "version"};
  CO_TRY(const auto buildx, co_await ask_docker(env, std::move(ask_buildx)));
  const auto asked = env.find("DOCKER_BUILDKIT");
  const bool unwanted = asked != env.end() && (asked->second == "0" || lower(asked->second) == "false");
  if (unwanted) co_return BuildEngine::classic;
  if (buildx.ok()) co_return BuildEngine::buildx;
  const auto described = parse_json(version.out);
  const auto* client = described ? find_path(*described, "Client.Version") : nullptr;
  const int major = client && client->is_string() ? major_version(std::string(client->get_string())) : 0;
  co_return major > 0 && major < kFirstWithoutBuiltinBuildkit ? BuildEngine::buildkit : BuildEngine::classic;
}

std::string Output::tail() const {
  std::string text;
  for (const auto& line : last_lines) text += "\n" + line;
  return text;
}

Task<Output> run_docker(Environment env, std::vector<std::string> arguments, Millis timeout, LineSink log) {
  Output output;
  ProgramLines lines([&](std::string_view line) {
    if (log) log(line);
    if (const auto mark = line.find(kWarningMark); mark != std::string_view::npos) {
      output.warnings.emplace_back(line.substr(mark + kWarningMark.size()));
    }
    if (trim(line).empty()) return;
    output.last_lines.emplace_back(line);
    if (output.last_lines.size() > kLastLines) output.last_lines.pop_front();
  });
  proc::ProcessSpec spec;
  spec.argv = std::move(arguments);
  spec.argv.insert(spec.argv.begin(), "docker");
  spec.env = std::move(env);
  spec.timeout = timeout;
  spec.max_captured = 1024;
  spec.on_output = [&lines](std::string_view piece) { lines.feed(piece); };
  CO_TRY(const auto result, co_await proc::run(std::move(spec)));
  lines.finish();
  output.exit_code = result.exit_code;
  output.signal = result.signal;
  co_return output;
}

Result<LoginFolder> LoginFolder::create(const Environment& env, const std::optional<RegistryLogin>& login) {
  LoginFolder made;
  made.env_ = env;
  if (!login) return made;
  TRY(auto config, registries::oci::read_docker_config(env));
  auto& object = config.as_object();
  if (!object["auths"].is_object()) object["auths"] = JsonObject();
  object["auths"].as_object()[login->server] =
      JsonObject{{"auth", to_base64(login->user + ":" + login->password.reveal())}};
  // An empty helper name means: this host's login is in this file, whatever the person's credential store is.
  if (!object["credHelpers"].is_object()) object["credHelpers"] = JsonObject();
  object["credHelpers"].as_object()[login->server] = "";

  TRY(made.folder_, archive::TemporaryFolder::create("docker-config-"));
  TRY_VOID(archive::write_file_atomically(made.folder_->path() / "config.json", to_text(config), 0600));
  const auto own = registries::oci::docker_config_dir(env);
  for (const auto* part : {"cli-plugins", "contexts", "buildx"}) {
    std::error_code ec;
    if (!own.empty() && fs::exists(own / part, ec))
      fs::create_directory_symlink(fs::absolute(own / part), made.folder_->path() / part, ec);
  }
  made.env_["DOCKER_CONFIG"] = made.folder_->path().string();
  return made;
}

}  // namespace slipway::plugins::builders::docker
