# slipway_web(TARGET): builds the web app with npm and links its files into TARGET. Runs only when a source of web/ or the schema changed.
function(slipway_web target)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/web/src/* ${CMAKE_SOURCE_DIR}/web/public/* ${CMAKE_SOURCE_DIR}/web/scripts/*)
  list(FILTER sources EXCLUDE REGEX "/generated/|\\.test\\.tsx?$")
  file(GLOB settings CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/web/*.json ${CMAKE_SOURCE_DIR}/web/*.ts ${CMAKE_SOURCE_DIR}/web/*.html)
  set(output ${CMAKE_BINARY_DIR}/generated/server/web_files.cc)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_SOURCE_DIR}/scripts/build-web ${output}
    DEPENDS ${sources} ${settings} ${CMAKE_SOURCE_DIR}/schema/slipway.graphql ${CMAKE_SOURCE_DIR}/scripts/build-web
    COMMENT "Building the web app"
    VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()
