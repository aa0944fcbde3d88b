#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "content/base/crypto.hpp"
#include "content/base/files.hpp"
#include "content/channel/metadata.hpp"
#include "content/sync/behind.hpp"

namespace riverlight::content {

/// A file that grows in staging, and the hashes of what is in it. Opening it reads and hashes what an earlier
/// try left. A large one is hashed and written on a thread of its own, a few pieces behind what was added: on
/// one thread, receiving waits for both. Used by one thread. Throws Error where the disk fails, with a large
/// file perhaps a few pieces later; never after holds() has said yes.
class Staged {
  public:
    /// `facts` must outlive the object; its length is not negative.
    Staged(std::string path, const FileFacts& facts);
    Staged(const Staged&) = delete;  // its thread knows where it lies
    Staged& operator=(const Staged&) = delete;

    /// Bytes there, or on their way there.
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
    void write(std::string_view bytes);
    void hash(std::string_view bytes);

    std::string path_;
    const FileFacts& facts_;
    std::uint64_t size_, have_ = 0;
    Fd fd_;
    Sha256 sha256_;
    Sha512 sha512_;
    std::uint64_t unwritten_ = 0;     ///< bytes since the system was last told to begin writing
    std::unique_ptr<Behind> behind_;  ///< last: it uses the others
};

}  // namespace riverlight::content
