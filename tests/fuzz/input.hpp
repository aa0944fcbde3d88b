#pragma once
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string_view>

#include "content/base/error.hpp"

/// Helpers of all fuzz targets.
namespace riverlight::fuzz {

/// The bytes of one input, as text or piece by piece; past its end, zeros.
class Input {
  public:
    Input(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}

    [[nodiscard]] std::string_view text() const { return {reinterpret_cast<const char*>(data_), size_}; }
    [[nodiscard]] bool empty() const { return at_ >= size_; }
    [[nodiscard]] unsigned byte() { return empty() ? 0U : data_[at_++]; }
    [[nodiscard]] bool flag() { return (byte() & 1U) != 0; }
    /// From 0 to `most`, both included.
    [[nodiscard]] int upto(int most) {
        const auto wide = byte() << 8U | byte();
        return static_cast<int>(wide % (static_cast<unsigned>(most) + 1));
    }

  private:
    const std::uint8_t* data_;
    std::size_t size_, at_ = 0;
};

/// Ends the process if `kept` is false, which the fuzzer reports as a failure.
inline void promise(bool kept, const char* what) {
    if (kept) return;
    std::cerr << "broken: " << what << '\n';
    std::abort();
}

/// What is read either is well formed or throws Error.
template <class Read>
void attempt(const Read& read) {
    try {
        read();
    } catch (const Error&) {
    }
}

}  // namespace riverlight::fuzz
