#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "content/airing/media_damage.hpp"
#include "content/base/crypto.hpp"
#include "content/base/files.hpp"
#include "content/base/verity.hpp"

/// Media files whose bytes are verified as they are read.
namespace riverlight::player {

using content::MediaDamage;
using content::MediaFault;
/// `where` is the file's path.
using MediaFileError = Refused<MediaFault>;

/// The file as the store names it.
[[nodiscard]] MediaDamage damage_of(const MediaFileError& error);

/// Digest of a block: the first half of its SHA-256.
using BlockDigest = std::array<char, 16>;

/// One media file, open for reading. A file of a store is named by the SHA-256 of its bytes: of such a file
/// every byte is verified before it is given out, or found out soon after.
///
/// The first time that this process reads it, each block that is read is remembered by a digest, and the
/// whole file is hashed ahead of the reader, from the same descriptor; what was read before must have been
/// the same. Once the whole file was proven, its blocks' digests are kept, and from then on each block is
/// verified before it is given out. A file that is sealed by fs-verity cannot change: once it was proven, the
/// kernel's own measurement is enough. Other files are read as they are. One thread.
class VerifiedFile {
  public:
    /// How the kernel identifies a sealed file (fs-verity's digest); nothing for other files. Tests pass
    /// their own.
    using Measure = std::optional<std::string> (*)(int fd);

    /// Throws Error where it cannot be opened, or is no regular file.
    explicit VerifiedFile(std::string path, Measure measure = measure_seal);
    ~VerifiedFile();
    VerifiedFile(const VerifiedFile&) = delete;
    VerifiedFile& operator=(const VerifiedFile&) = delete;

    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] std::int64_t size() const { return opened_.size; }
    /// Reads up to so many bytes from `at` on; 0 at the end. Throws MediaFileError.
    [[nodiscard]] std::size_t read(std::int64_t at, std::span<std::uint8_t> into);
    /// Reads until `into` is full or the file ends; returns the number of bytes. Throws MediaFileError.
    [[nodiscard]] std::size_t fill(std::int64_t at, std::span<std::uint8_t> into);
    /// Hashes ahead for at most so long. Throws MediaFileError.
    void prove(std::chrono::milliseconds longest);
    /// Hashes what has not been hashed yet. Throws MediaFileError.
    void finish();
    /// Its name says what its bytes must be.
    [[nodiscard]] bool is_named() const { return !sha256_.empty(); }
    /// Every byte was verified, or nothing says what they must be.
    [[nodiscard]] bool is_proven() const { return !pass_; }
    /// What became of the file under this name since it was opened. What was read stays right: it came from
    /// the open descriptor.
    [[nodiscard]] std::optional<MediaDamage> find_replacement() const;

    static constexpr std::int64_t block_size = 64 << 10;

  private:
    /// The hash of the whole file, as far as it was taken.
    struct Pass {
        Sha256 hash;
        std::int64_t next = 0;                         ///< block
        std::vector<std::optional<BlockDigest>> seen;  ///< by block, since the file was opened
    };
    struct Identity {
        std::uint64_t device = 0, inode = 0;
        std::int64_t size = 0;
        std::chrono::nanoseconds modified{}, changed{};
        friend bool operator==(const Identity&, const Identity&) = default;
    };
    struct Cached {
        std::int64_t number = -1;
        std::vector<std::uint8_t> bytes;
    };
    [[nodiscard]] static std::optional<Identity> identity_of(int fd, const std::string& path);
    [[noreturn]] void fail(MediaFault fault, const std::string& why) const;
    [[nodiscard]] std::int64_t blocks() const { return (size() + block_size - 1) / block_size; }
    [[nodiscard]] std::vector<std::uint8_t> load(std::int64_t number) const;
    [[nodiscard]] const std::vector<std::uint8_t>& block(std::int64_t number);
    void verify(std::int64_t number, std::span<const std::uint8_t> bytes);
    void hash_next();

    std::string path_;
    std::string sha256_;  ///< that its bytes must have; empty: any
    Fd fd_;
    Identity opened_;
    std::optional<std::string> seal_;  ///< fs-verity's digest
    std::unique_ptr<Pass> pass_;       ///< null: the bytes are proven, or nothing says what they must be
    std::shared_ptr<const std::vector<BlockDigest>> proven_;  ///< shared with others that read the same bytes
    std::array<Cached, 4> cache_;  ///< picture and sound may be in different parts of the file
    std::size_t oldest_ = 0;       ///< of the cache
};

/// Reads a whole file of at most `cap` bytes, verified if its name says how. Throws MediaFileError, Error.
[[nodiscard]] std::string read_media_file(const std::string& path, std::uint64_t cap);

/// The SHA-256 that a file's name says its bytes have: `<64 hex digits>.<ext>`; empty: it says nothing.
[[nodiscard]] std::string sha256_named(const std::string& path);

}  // namespace riverlight::player
