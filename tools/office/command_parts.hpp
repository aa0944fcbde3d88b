#pragma once
#include <CLI/CLI.hpp>
#include <chrono>
#include <filesystem>
#include <string>

#include "content/base/error.hpp"
#include "content/base/instant.hpp"
#include "tools/office/records_address.hpp"

/// What the office's commands have in common. Included by them only.
namespace riverlight::office {

inline void add_state(CLI::App& command, std::string& state) {
    command.add_option("--state", state, "folder that the office keeps its records in")->required();
}

/// Throws Error where the folder has no office: one whose name was mistyped does not become a new one. Only
/// what sets an office up goes without.
inline void require_records(const std::string& state) {
    const auto records = RecordsAddress::in_folder(state);
    if (records.kind() == DatabaseKind::sqlite && !std::filesystem::exists(records.text()))
        throw Error(state + ": no office keeps its records here; say with --state which folder 'serve' has");
}

[[nodiscard]] inline Instant now() {
    return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

/// The day that an option says. Throws Error that names the option.
[[nodiscard]] inline std::chrono::local_days day_of(const std::string& option, const std::string& text) {
    const auto day = date_from_iso(text);
    if (!day) throw Error(option + ": write a date as 2026-11-29");
    return *day;
}

}  // namespace riverlight::office
