#include "plugins/runners/local_container/docker_options.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/strings.h"

namespace slipway::plugins::runners::local_container {
namespace {

constexpr std::string_view kOwnLabels = "slipway.dev/";
constexpr std::array<std::string_view, 4> kNetworks = {"net", "network", "net-alias", "network-alias"};

std::string number_text(const Json& value) {
  if (const auto whole = as_integer(value)) return std::to_string(*whole);
  // Not the JSON text: that writes 1.5 as 1.5E0, which docker does not read.
  return fmt::format("{}", value.to_number<double>());
}

class Reader {
 public:
  Result<DockerOptions> read(const JsonObject& document) {
    for (const auto& member : document) read_option(std::string(member.key()), member.value());
    if (!problems_.empty())
      return Error(Code::invalid_argument, "the Docker configuration has mistakes", std::move(problems_));
    return std::move(options_);
  }

 private:
  void refuse(const std::string& path, std::string message) {
    problems_.push_back({.path = path, .message = std::move(message)});
  }

  void read_option(const std::string& key, const Json& value) {
    if (key.find_first_not_of('-') == std::string::npos || key.find_first_of("= \t\n") != std::string::npos) {
      refuse(key, "this is no name of a docker option.");
      return;
    }
    const OptionInfo* known = find_option(key);
    if (value.is_object()) {
      refuse(key, known != nullptr && known->name == "env"
                      ? "expected a list of NAME=value, got an object."
                      : "docker options take texts, numbers, booleans and lists, got an object.");
    } else if (value.is_null()) {
      refuse(key, "has no value. Give one, or remove the option.");
    } else if (known != nullptr && known->use == OptionUse::ignore) {
      ignore(*known, value);
    } else if (known != nullptr && known->kind == OptionKind::flag) {
      read_flag(key, *known, value);
    } else if (value.is_bool()) {
      read_boolean(key, known, value.get_bool());
    } else {
      read_values(key, known, value);
    }
  }

  void ignore(const OptionInfo& option, const Json& value) {
    const bool off = value.is_bool() && !value.get_bool();
    const bool asked_for_what_is_done =
        option.name == "rm" || option.name == "detach" || (option.name == "restart" && value == Json("no"));
    if (!off && !asked_for_what_is_done)
      options_.notices.push_back(fmt::format("docker option '{}' is ignored: {}", option.name, option.why));
  }

  void read_flag(const std::string& key, const OptionInfo& option, const Json& value) {
    // As text it would become a word of its own, which docker takes for the image.
    const std::string text = value.is_string() ? lower(value.get_string()) : "";
    if (!value.is_bool() && text != "true" && text != "false") {
      refuse(key, fmt::format("is a flag: write true or false, not {}.", to_text(value)));
      return;
    }
    const bool on = value.is_bool() ? value.get_bool() : text == "true";
    if (option.name == "tty") options_.tty = on;
    if (on) options_.arguments.push_back(written_as(key));
  }

  void read_boolean(const std::string& key, const OptionInfo* known, bool on) {
    if (known != nullptr && on) {
      refuse(key, known->name == "gpus" ? "needs a value: \"all\", a number, or \"device=0,1\"."
                                        : "needs a value, got true.");
    } else if (on) {
      // With '=', so that a newer option that does take a value cannot swallow the next argument.
      options_.arguments.push_back(written_as(key) + "=true");
    }
  }

  void read_values(const std::string& key, const OptionInfo* known, const Json& value) {
    if (!value.is_array()) {
      add_value(key, key, known, value);
      return;
    }
    const JsonArray& items = value.get_array();
    if (known != nullptr && known->kind == OptionKind::value && items.size() > 1) {
      refuse(key, "takes one value, got a list.");
      return;
    }
    std::size_t index = 0;
    for (const Json& item : items) add_value(fmt::format("{}[{}]", key, index++), key, known, item);
  }

  void add_value(const std::string& path, const std::string& key, const OptionInfo* known, const Json& value) {
    if (!value.is_string() && !value.is_number()) {
      refuse(path, fmt::format("expected a text or a number, got {}.", kind_name(value)));
      return;
    }
    const std::string text = value.is_string() ? std::string(value.get_string()) : number_text(value);
    if (text.find('\0') != std::string::npos) {
      refuse(path, "must not hold a zero byte.");
      return;
    }
    if (known == nullptr) {
      options_.arguments.push_back(written_as(key) + "=" + text);
    } else if (known->use == OptionUse::special) {
      read_special(path, known->name, text, value.is_string());
    } else if (known->name == "label" && text.starts_with(kOwnLabels)) {
      refuse(path, fmt::format("labels that begin with {} are slipway's own.", kOwnLabels));
    } else {
      note(known->name, text);
      options_.arguments.push_back(written_as(key));
      options_.arguments.push_back(text);
    }
  }

  void note(std::string_view name, const std::string& text) {
    if (std::ranges::find(kNetworks, name) != kNetworks.end()) options_.has_network = true;
    if (name == "workdir") options_.has_workdir = true;
    if (name == "add-host" && text.starts_with("host.docker.internal")) options_.has_host_gateway = true;
  }

  void read_special(const std::string& path, std::string_view name, const std::string& text, bool is_text) {
    if (name == "entrypoint") {
      options_.entrypoint = text;
    } else if (name == "cpu") {
      options_.arguments.insert(options_.arguments.end(), {"--cpus", text});
    } else if (name == "platform") {
      options_.platform = text;
      options_.arguments.insert(options_.arguments.end(), {"--platform", text});
    } else if (name == "pull") {
      options_.pull = text;
      if (text != "always" && text != "missing" && text != "never") refuse(path, "expected always, missing or never.");
    } else if (path.ends_with(']') || !is_text) {
      options_.command.push_back(text);
    } else {
      auto words = split_words(text);
      if (!words) refuse(path, "a quote is not closed.");
      if (words) options_.command = *std::move(words);
    }
  }

  static std::string written_as(const std::string& key) {
    const std::string bare = key.substr(key.find_first_not_of('-'));
    return bare.size() == 1 ? "-" + bare : "--" + lower(replace_all(bare, "_", "-"));
  }

  DockerOptions options_;
  std::vector<Problem> problems_;
};

}  // namespace

Result<DockerOptions> read_docker_options(const Json& resource_args) {
  if (resource_args.is_null()) return DockerOptions();
  if (!resource_args.is_object()) {
    return Error(Code::invalid_argument,
                 fmt::format("the Docker configuration must be an object of docker run options, got {}",
                             kind_name(resource_args)));
  }
  return Reader().read(resource_args.get_object());
}

}  // namespace slipway::plugins::runners::local_container
