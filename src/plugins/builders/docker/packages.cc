#include "plugins/builders/docker/packages.h"

#include <algorithm>
#include <array>
#include <optional>

#include "archive/archive.h"
#include "base/strings.h"

namespace slipway::plugins::builders::docker {
namespace fs = std::filesystem;
namespace {

std::vector<std::string> package_lines(std::string_view text) {
  std::vector<std::string> lines;
  for (const auto& raw : split(text, '\n')) {
    std::string_view line = trim(raw);
    if (line.starts_with('#')) continue;
    if (const auto comment = line.find(" #"); comment != std::string_view::npos) line = trim(line.substr(0, comment));
    if (!line.empty()) lines.emplace_back(line);
  }
  return lines;
}

bool names_file(std::string_view line) {
  constexpr std::array kOptions = {"-r",           "-c",         "-e",          "-f", "--requirement",
                                   "--constraint", "--editable", "--find-links"};
  for (const std::string_view option : kOptions) {
    if (!line.starts_with(option)) continue;
    auto value = line.substr(option.size());
    while (value.starts_with(' ') || value.starts_with('=')) value.remove_prefix(1);
    return value.find("://") == std::string_view::npos || value.starts_with("file:");
  }
  return line.starts_with('.') || line.find("file:") != std::string_view::npos ||
         line.find(".whl") != std::string_view::npos ||
         (line.find('/') != std::string_view::npos && line.find("://") == std::string_view::npos &&
          !line.starts_with('-'));
}

/// "wandb", "wandb==0.17", "wandb[media]>=0.16".
bool is_wandb(std::string_view line) {
  const auto name = lower(line);
  if (!name.starts_with("wandb")) return false;
  return name.size() == 5 || std::string_view(" =<>!~[;@").find(name[5]) != std::string_view::npos;
}

Result<std::optional<std::string>> read_if_there(const fs::path& file) {
  std::error_code ec;
  if (!fs::is_regular_file(file, ec)) return std::optional<std::string>();
  TRY(auto text, archive::read_file(file, 4u << 20));
  return std::optional<std::string>(std::move(text));
}

std::string without_wandb(std::string_view file) {
  return "the package 'wandb' is not in " + std::string(file) +
         ": the job cannot report to the server unless its base image has it";
}

Result<std::optional<Packages>> from_requirements(const fs::path& root) {
  TRY(const auto text, read_if_there(root / "requirements.txt"));
  const auto lines = text ? package_lines(*text) : std::vector<std::string>();
  if (lines.empty()) return std::optional<Packages>();
  Packages found{.source = PackageSource::requirements, .file_name = "requirements.txt", .content = *text};
  found.need_source = std::ranges::any_of(lines, names_file);
  if (!found.need_source && std::ranges::none_of(lines, is_wandb))
    found.warnings.push_back(without_wandb("requirements.txt"));
  return std::optional<Packages>(std::move(found));
}

Result<std::optional<Packages>> from_pyproject(const fs::path& root) {
  TRY(const auto text, read_if_there(root / "pyproject.toml"));
  if (!text) return std::optional<Packages>();
  auto lines = pyproject_dependencies(*text);
  if (!lines) return std::move(lines).error().wrap("reading pyproject.toml");
  if (lines->empty()) return std::optional<Packages>();
  Packages found{
      .source = PackageSource::pyproject, .file_name = "requirements.txt", .content = join(*lines, "\n") + "\n"};
  if (std::ranges::none_of(*lines, is_wandb)) found.warnings.push_back(without_wandb("pyproject.toml"));
  return std::optional<Packages>(std::move(found));
}

Result<std::optional<Packages>> from_conda(const fs::path& root) {
  for (const auto* name : {"environment.yml", "environment.yaml", "conda.yaml", "conda.yml"}) {
    TRY(auto text, read_if_there(root / name));
    if (!text || trim(*text).empty()) continue;
    Packages found{.source = PackageSource::conda, .file_name = "environment.yml", .content = *std::move(text)};
    if (found.content.find("wandb") == std::string::npos) found.warnings.push_back(without_wandb(name));
    return std::optional<Packages>(std::move(found));
  }
  return std::optional<Packages>();
}

Result<std::optional<Packages>> from_frozen(const fs::path& root, const fs::path& job_dir) {
  for (const auto& dir : {root, job_dir}) {
    if (dir.empty()) continue;
    TRY(auto text, read_if_there(dir / "requirements.frozen.txt"));
    const auto lines = text ? package_lines(*text) : std::vector<std::string>();
    if (lines.empty()) continue;
    Packages found{.source = PackageSource::frozen, .file_name = "requirements.txt", .content = *std::move(text)};
    if (std::ranges::none_of(lines, is_wandb)) found.warnings.push_back(without_wandb("requirements.frozen.txt"));
    return std::optional<Packages>(std::move(found));
  }
  return std::optional<Packages>();
}

/// Reads the strings of a TOML array that begins at `at`, behind its '['.
class TomlArray {
 public:
  TomlArray(std::string_view text, std::size_t at) : text_(text), at_(at) {}

  Result<std::vector<std::string>> strings() {
    std::vector<std::string> found;
    for (;;) {
      skip_blank();
      if (at_ >= text_.size()) return Error(Code::invalid_argument, "'dependencies' has no closing ']'");
      const char c = text_[at_];
      if (c == ']') return found;
      if (c == ',') {
        ++at_;
        continue;
      }
      if (c != '"' && c != '\'') return Error(Code::invalid_argument, "'dependencies' must be a list of texts");
      TRY(auto value, quoted(c));
      // Each text becomes one line of a requirements file, so it may not begin a second one or be an option.
      if (value.find_first_of("\r\n") != std::string::npos || trim(value).starts_with('-')) {
        return Error(Code::invalid_argument, "'" + to_utf8_lossy(value) + "' in 'dependencies' is no package");
      }
      found.push_back(std::move(value));
    }
  }

 private:
  void skip_blank() {
    while (at_ < text_.size()) {
      if (text_[at_] == '#') {
        while (at_ < text_.size() && text_[at_] != '\n') ++at_;
      } else if (std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) {
        ++at_;
      } else {
        return;
      }
    }
  }
  Result<std::string> quoted(char quote) {
    std::string out;
    for (++at_; at_ < text_.size() && text_[at_] != quote; ++at_) {
      if (quote == '"' && text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      out += text_[at_];
    }
    if (at_ >= text_.size()) return Error(Code::invalid_argument, "'dependencies' has a text without its end");
    ++at_;
    return out;
  }

  std::string_view text_;
  std::size_t at_;
};

}  // namespace

Result<std::vector<std::string>> pyproject_dependencies(std::string_view toml) {
  std::string table;
  std::size_t at = 0;
  while (at < toml.size()) {
    const auto end = std::min(toml.find('\n', at), toml.size());
    const auto line = trim(toml.substr(at, end - at));
    if (line.starts_with('[')) table = std::string(trim(line.substr(1, line.find(']') - 1)));
    const auto equals = line.find('=');
    const auto key = trim(line.substr(0, equals));
    const bool ours = (table == "project" && key == "dependencies") || (table.empty() && key == "project.dependencies");
    if (ours && equals != std::string_view::npos) {
      const auto open = toml.find('[', toml.find('=', at));
      if (open == std::string_view::npos) return Error(Code::invalid_argument, "'dependencies' must be a list");
      return TomlArray(toml, open + 1).strings();
    }
    at = end + 1;
  }
  return std::vector<std::string>();
}

Result<Packages> find_packages(const fs::path& root, const fs::path& job_dir) {
  TRY(auto requirements, from_requirements(root));
  if (requirements) return *std::move(requirements);
  TRY(auto pyproject, from_pyproject(root));
  if (pyproject) return *std::move(pyproject);
  TRY(auto conda, from_conda(root));
  if (conda) return *std::move(conda);
  TRY(auto frozen, from_frozen(root, job_dir));
  if (frozen) return *std::move(frozen);
  Packages none;
  none.warnings.push_back(
      "the source has no requirements.txt, pyproject.toml or conda file with packages: nothing is installed");
  return none;
}

}  // namespace slipway::plugins::builders::docker
