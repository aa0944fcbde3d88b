#pragma once
#include <string>

#include "content/base/files.hpp"
#include "firmware/slots/state_copies.hpp"

namespace riverlight::firmware {

/// A block device of Linux, or a file that holds a partition's image. Owner: one thread.
class BlockFile final : public BlockDevice {
  public:
    /// Opens it for reading and writing. Throws DiskFault.
    explicit BlockFile(std::string path);

    [[nodiscard]] std::string read(std::uint64_t at, std::size_t size) const override;
    void write(std::uint64_t at, std::string_view bytes) override;
    void flush() override;

  private:
    [[nodiscard]] DiskFault fault(const std::string& what) const;

    std::string path_;
    Fd fd_;
};

}  // namespace riverlight::firmware
