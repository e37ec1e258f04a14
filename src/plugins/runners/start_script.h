// The first program of a base image job: installs what the code asks for, then becomes the job
// (protocol 7.3.3).
#pragma once
#include <string_view>

namespace slipway::plugins::runners {

/// A fixed text: nothing that a submitter writes is in it. The job's words are its arguments.
std::string_view start_script();

}  // namespace slipway::plugins::runners
