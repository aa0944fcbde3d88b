#pragma once
#include <filesystem>
#include <fstream>
#include <string>

#include "content/base/crypto.hpp"

/// A temporary folder for one test, removed when the test ends.
namespace riverlight::test {

/// Where tests keep their files: in memory if there is such a place. Stores and journals wait for the disk at
/// each write, and most of the tests' time went into that.
inline std::filesystem::path temporary_place() {
    const std::filesystem::path memory("/dev/shm");
    return std::filesystem::is_directory(memory) ? memory : std::filesystem::temp_directory_path();
}

class Folder {
  public:
    Folder() : Folder(temporary_place()) {}
    explicit Folder(const std::filesystem::path& parent) : path_(parent / ("riverlight-" + random_hex(8))) {
        std::filesystem::create_directories(path_);
    }
    ~Folder() {
        std::error_code ec;
        std::filesystem::remove_all(path_, ec);
    }
    Folder(const Folder&) = delete;
    [[nodiscard]] std::string operator/(const std::string& name) const { return (path_ / name).string(); }
    [[nodiscard]] std::string path() const { return path_.string(); }
    std::string write(const std::string& name, const std::string& text) const {
        std::ofstream(path_ / name, std::ios::binary) << text;
        return (path_ / name).string();
    }

  private:
    std::filesystem::path path_;
};

}  // namespace riverlight::test
