#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "content/base/crypto.hpp"
#include "content/base/files.hpp"
#include "content/channel/metadata.hpp"

namespace riverlight::content {

/// A file that grows in staging, and the hashes of what is in it. Opening it reads and hashes what an earlier
/// try left. Not shared between threads. Throws Error where the disk fails.
class Staged {
  public:
    /// `facts` must outlive the object; its length is not negative.
    Staged(std::string path, const FileFacts& facts);

    [[nodiscard]] std::uint64_t have() const { return have_; }
    [[nodiscard]] bool full() const { return have_ == size_; }
    void start_over();
    /// False, and nothing is written, where it would grow beyond its size.
    [[nodiscard]] bool add(std::string_view bytes);
    /// Whether all of it is there and its hashes are those of `facts`.
    [[nodiscard]] bool holds();
    void discard() const;
    /// Gives the very file that was verified its name: what stands there now under `path` may be another.
    void place(const std::string& into) const;

    /// The version (ETag) that `url` said it was; empty if it came from elsewhere, or none was said.
    [[nodiscard]] std::string etag(const std::string& url) const;
    void remember_etag(const std::string& url, const std::string& etag) const;

  private:
    [[nodiscard]] std::string etag_path() const { return path_ + ".etag"; }
    [[nodiscard]] bool is_at(const std::string& path) const;
    void count(std::string_view bytes);

    std::string path_;
    const FileFacts& facts_;
    std::uint64_t size_, have_ = 0;
    Fd fd_;
    Sha256 sha256_;
    Sha512 sha512_;
};

}  // namespace riverlight::content
