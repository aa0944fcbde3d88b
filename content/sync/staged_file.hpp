#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "content/base/crypto.hpp"
#include "content/base/files.hpp"
#include "content/channel/metadata.hpp"
#include "content/sync/write_queue.hpp"

namespace riverlight::content {

/// A partly downloaded file in staging, with the running hashes of its bytes. The constructor reads and
/// hashes what an earlier visit left. A large file is hashed and written by a WriteQueue. For one thread.
/// Throws DiskFault if the disk fails; for a large file possibly a few pieces late, but always before
/// verify() returns true.
class StagedFile {
  public:
    /// `facts` must have a length, and must outlive the object.
    StagedFile(std::string path, const FileFacts& facts);
    StagedFile(const StagedFile&) = delete;  // its write queue refers to it
    StagedFile& operator=(const StagedFile&) = delete;

    /// Bytes on disk or in the write queue.
    [[nodiscard]] std::uint64_t have() const { return have_; }
    [[nodiscard]] bool full() const { return have_ == size_; }
    /// Truncates the file to nothing.
    void start_over();
    /// Appends. Returns false, and appends nothing, if the file would become longer than its signed length.
    [[nodiscard]] bool add(std::string_view bytes);
    /// True if the file is complete and its hashes are those of `facts`.
    [[nodiscard]] bool verify();
    /// Removes the file.
    void discard() const;
    /// Renames the verified file to `into`, durably. Throws Error if `path` is another file by now.
    void place(const std::string& into) const;

    /// The ETag under which `url` served these bytes; empty if unknown or from another source.
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
    std::uint64_t unflushed_ = 0;              ///< bytes since the last sync_file_range()
    std::unique_ptr<WriteQueue> write_queue_;  ///< last, since it uses the others
};

}  // namespace riverlight::content
