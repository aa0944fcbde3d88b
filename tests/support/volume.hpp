#pragma once
#include <cstdlib>
#include <string>

/// How many cases a test with many cases tries. The ordinary build looks for wrong answers. The build under
/// sanitizers looks for faults of memory and runs several times slower: it tries a fifth, spread over the
/// whole.
namespace riverlight::test {

#ifdef RIVERLIGHT_SANITIZED
inline constexpr std::size_t case_stride = 5;
#else
inline constexpr std::size_t case_stride = 1;
#endif

/// What the environment variable says (`tools/test --long` sets it), else the share of `usual` for this
/// build.
inline std::size_t number_of_cases(const char* variable, std::size_t usual) {
    const auto* said = std::getenv(variable);
    return said ? std::strtoul(said, nullptr, 10) : usual / case_stride;
}

}  // namespace riverlight::test
