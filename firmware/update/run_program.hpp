#pragma once
#include <chrono>
#include <string>
#include <vector>

namespace riverlight::firmware {

/// How a program ended.
struct ProgramEnd {
    int code = 0;         ///< its exit code; 128 and the signal if one ended it
    std::string words{};  ///< the end of what it wrote to standard output and error, at most 2,000 bytes
    bool timed_out = false;
    [[nodiscard]] bool succeeded() const { return code == 0 && !timed_out; }
};

/// Runs a program with its arguments, found on PATH unless its name has a slash, without standard input, and
/// waits for it. It is killed after `patience`. Blocks. Throws Error if it cannot be started.
[[nodiscard]] ProgramEnd run_program(std::vector<std::string> words, std::chrono::seconds patience);

}  // namespace riverlight::firmware
