# Writes OUTPUT: command_doc(path) over all FOLDER/*.md. "queue_create.md" is the page of "queue create"; a '-' in a command's word is a '_' too.
file(GLOB pages ${FOLDER}/*.md)
list(SORT pages)
set(rows "")
foreach(page ${pages})
  get_filename_component(name ${page} NAME_WE)
  file(READ ${page} text)
  string(APPEND rows "    {\"${name}\", R\"page(${text})page\"},\n")
endforeach()
file(WRITE ${OUTPUT} "#include <algorithm>
#include <map>
#include <string>

#include \"cli/command.h\"

namespace slipway::cli {

std::string_view command_doc(std::string_view path) {
  static const std::map<std::string, std::string_view, std::less<>> pages = {
${rows}  };
  std::string name(path);
  std::ranges::replace(name, ' ', '_');
  std::ranges::replace(name, '-', '_');
  const auto page = pages.find(name);
  return page == pages.end() ? std::string_view() : page->second;
}

}  // namespace slipway::cli
")
