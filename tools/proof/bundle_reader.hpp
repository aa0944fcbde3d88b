#pragma once
#include <cstdint>
#include <istream>
#include <optional>
#include <string>

#include "tools/proof/bundle.hpp"

namespace riverlight::proof {

/// Reads a bundle line by line. What comes is not trusted: a line has a cap before it is parsed.
class BundleReader {
  public:
    /// `in` must outlive it. `name`: of the bundle, for messages.
    BundleReader(std::istream& in, std::string name) : in_(in), name_(std::move(name)) {}
    /// Nothing behind the last line. Throws ReadError and Error for a line that is none.
    [[nodiscard]] std::optional<Line> next();
    /// The last line that was read, as messages name it.
    [[nodiscard]] std::string where() const;

  private:
    [[nodiscard]] bool read_text();

    std::istream& in_;
    std::string name_, text_;
    std::uint64_t number_ = 0;
};

}  // namespace riverlight::proof
