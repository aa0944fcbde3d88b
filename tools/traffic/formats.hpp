#pragma once
#include "tools/traffic/as_run.hpp"

/// The readers of each format, called by read_as_run: same arguments, result and errors.
namespace riverlight::traffic {

[[nodiscard]] AsRun read_csv(std::string_view text, const std::string& file, const AsRunDay& defaults);
[[nodiscard]] AsRun read_bxf(std::string_view text, const std::string& file, const AsRunDay& defaults);
[[nodiscard]] AsRun read_ccms(std::string_view text, const std::string& file, const AsRunDay& defaults);

/// The XML namespace of the spot in BXF's PrivateInformation.
inline constexpr std::string_view private_namespace = "urn:riverlight:as-run:1";

}  // namespace riverlight::traffic
