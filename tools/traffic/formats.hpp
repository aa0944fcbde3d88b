#pragma once
#include "tools/traffic/as_run.hpp"

/// The readers behind read_as_run, one a format; each as it says there.
namespace riverlight::traffic {

[[nodiscard]] AsRun read_csv(std::string_view text, const std::string& file, const Day& otherwise);
[[nodiscard]] AsRun read_bxf(std::string_view text, const std::string& file, const Day& otherwise);
[[nodiscard]] AsRun read_ccms(std::string_view text, const std::string& file, const Day& otherwise);

/// The name of SpotField `evidence` and the like under which private parts go: the XML namespace.
inline constexpr std::string_view private_namespace = "urn:riverlight:as-run:1";

}  // namespace riverlight::traffic
