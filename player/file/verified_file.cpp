#include "player/file/verified_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <map>
#include <mutex>
#include <set>
#include <utility>

namespace riverlight::player {
namespace {

using std::chrono::steady_clock;

/// Blocks hashed ahead for each block that is read.
constexpr int ahead = 8;
/// Digests kept of proven files: 16 MiB, the blocks of 64 GiB.
constexpr std::size_t most_known = 1U << 20;
/// A larger file that was replaced is not hashed to its end before its airing may end.
constexpr std::int64_t most_hashed_again = 64LL << 20;

std::string_view text_of(std::span<const std::uint8_t> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

BlockDigest digest_of(std::span<const std::uint8_t> bytes) {
    const auto whole = sha256_raw(text_of(bytes));
    BlockDigest digest{};
    std::copy_n(whole.begin(), digest.size(), digest.begin());
    return digest;
}

/// What this process has proven, by the SHA-256 of the file. Any thread.
class KnownFiles {
  public:
    using Blocks = std::shared_ptr<const std::vector<BlockDigest>>;  // shared with the files that are open

    [[nodiscard]] Blocks blocks_of(const std::string& sha256) {
        const std::lock_guard lock(mutex_);
        const auto found = blocks_.find(sha256);
        return found == blocks_.end() ? nullptr : found->second;
    }
    [[nodiscard]] bool is_sealed(const std::string& sha256, const std::string& seal) {
        const std::lock_guard lock(mutex_);
        return sealed_.contains({sha256, seal});
    }
    void add(const std::string& sha256, const std::optional<std::string>& seal, const Blocks& blocks) {
        const std::lock_guard lock(mutex_);
        if (digests_ + blocks->size() > most_known) {
            blocks_.clear();
            sealed_.clear();
            digests_ = 0;
        }
        if (blocks_.emplace(sha256, blocks).second) digests_ += blocks->size();
        if (seal) sealed_.emplace(sha256, *seal);
    }

  private:
    std::mutex mutex_;
    // guarded by mutex_
    std::map<std::string, Blocks> blocks_;
    std::set<std::pair<std::string, std::string>> sealed_;  ///< fs-verity's digests of these files
    std::size_t digests_ = 0;
};

KnownFiles& known_files() {
    static KnownFiles known;
    return known;
}

std::chrono::nanoseconds since_epoch(const timespec& t) {
    return std::chrono::seconds{t.tv_sec} + std::chrono::nanoseconds{t.tv_nsec};
}

/// Reads as much as there is; −1 and errno where the disk fails.
ssize_t read_all_at(int fd, std::int64_t at, std::span<std::uint8_t> into) {
    std::size_t got = 0;
    while (got < into.size()) {
        const auto more =
            ::pread(fd, into.data() + got, into.size() - got, at + static_cast<std::int64_t>(got));
        if (more < 0 && errno == EINTR) continue;
        if (more < 0) return -1;
        if (more == 0) break;
        got += static_cast<std::size_t>(more);
    }
    return static_cast<ssize_t>(got);
}

constexpr const char* remedy = "; the board fetches it again";

}  // namespace

MediaDamage damage_of(const MediaFileError& error) {
    return {error.kind, std::filesystem::path(error.where.file).filename().string()};
}

std::string sha256_named(const std::string& path) {
    constexpr std::size_t digits = 64;
    const auto stem = std::filesystem::path(path).stem().string();
    const bool named =
        stem.size() == digits && stem.find_first_not_of("0123456789abcdef") == std::string::npos;
    return named ? stem : std::string();
}

std::optional<VerifiedFile::Identity> VerifiedFile::identity_of(int fd, const std::string& path) {
    struct stat s {};
    if ((fd >= 0 ? ::fstat(fd, &s) : ::stat(path.c_str(), &s)) != 0 || !S_ISREG(s.st_mode)) return {};
    return Identity{s.st_dev, s.st_ino, s.st_size, since_epoch(s.st_mtim), since_epoch(s.st_ctim)};
}

VerifiedFile::VerifiedFile(std::string path, Measure measure)
    : path_(std::move(path)),
      sha256_(sha256_named(path_)),
      fd_(::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {  // a pipe would wait for its writer
    if (!fd_) throw Error(path_ + ": cannot be opened: " + system_reason(errno));
    const auto identity = identity_of(fd_.get(), path_);
    if (!identity) throw Error(path_ + ": is not a regular file; name a media file");
    opened_ = *identity;
    if (sha256_.empty()) return;
    seal_ = measure(fd_.get());
    if (seal_ && known_files().is_sealed(sha256_, *seal_)) return;
    proven_ = known_files().blocks_of(sha256_);
    if (proven_ && static_cast<std::int64_t>(proven_->size()) != blocks())
        fail(MediaFault::altered, "has another size than the file that arrived");
    if (!proven_) {
        pass_ = std::make_unique<Pass>();
        pass_->seen.resize(static_cast<std::size_t>(blocks()));
        if (blocks() == 0) hash_next();
    }
}
VerifiedFile::~VerifiedFile() = default;

void VerifiedFile::fail(MediaFault fault, const std::string& why) const {
    throw MediaFileError(fault, path_, why + (sha256_.empty() ? "" : remedy));
}

std::vector<std::uint8_t> VerifiedFile::load(std::int64_t number) const {
    const auto at = number * block_size;
    assert(at >= 0 && at < size());
    const auto wanted = std::min(block_size, size() - at);
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(wanted));
    const auto got = read_all_at(fd_.get(), at, bytes);
    if (got < 0) fail(MediaFault::unreadable, "cannot be read: " + system_reason(errno));
    if (got != wanted && !sha256_.empty()) fail(MediaFault::altered, "was cut off while it was read");
    bytes.resize(static_cast<std::size_t>(got));
    return bytes;
}

void VerifiedFile::verify(std::int64_t number, std::span<const std::uint8_t> bytes) {
    const auto at = static_cast<std::size_t>(number);
    if (proven_) {
        if (digest_of(bytes) != proven_->at(at))
            fail(MediaFault::altered, "has other bytes than the file that arrived");
        return;
    }
    if (!pass_) return;
    auto& seen = pass_->seen.at(at);
    const auto digest = digest_of(bytes);
    if (seen.value_or(digest) != digest) fail(MediaFault::altered, "was changed while it was read");
    seen = digest;
}

const std::vector<std::uint8_t>& VerifiedFile::block(std::int64_t number) {
    for (const auto& cached : cache_)
        if (cached.number == number) return cached.bytes;
    auto bytes = load(number);
    verify(number, bytes);
    auto& room = cache_.at(std::exchange(oldest_, (oldest_ + 1) % cache_.size()));
    room = {number, std::move(bytes)};
    return room.bytes;
}

void VerifiedFile::hash_next() {
    assert(pass_ && pass_->next <= blocks());
    if (pass_->next < blocks()) {
        const auto bytes = load(pass_->next);
        verify(pass_->next++, bytes);
        pass_->hash.add(text_of(bytes));
    }
    if (pass_->next < blocks()) return;
    // Asked again, it fails again: the hash is that of nothing then.
    if (pass_->hash.hex() != sha256_) fail(MediaFault::altered, "has other bytes than the file that arrived");
    auto digests = std::make_shared<std::vector<BlockDigest>>();
    for (const auto& seen : pass_->seen) digests->push_back(seen.value());
    known_files().add(sha256_, seal_, digests);
    pass_.reset();
    if (!seal_) proven_ = std::move(digests);  // of a sealed file the kernel verifies each read
}

std::size_t VerifiedFile::read(std::int64_t at, std::span<std::uint8_t> into) {
    assert(at >= 0);
    for (int i = 0; i < ahead && pass_; ++i) hash_next();
    if (at >= size() || into.empty()) return 0;
    const auto& bytes = block(at / block_size);
    const auto from = static_cast<std::size_t>(at % block_size);
    if (from >= bytes.size()) return 0;  // a file without a digest was cut off
    const auto count = std::min(into.size(), bytes.size() - from);
    std::memcpy(into.data(), bytes.data() + from, count);
    return count;
}

std::size_t VerifiedFile::fill(std::int64_t at, std::span<std::uint8_t> into) {
    std::size_t all = 0;
    while (all < into.size()) {
        const auto got = read(at + static_cast<std::int64_t>(all), into.subspan(all));
        if (got == 0) break;
        all += got;
    }
    return all;
}

void VerifiedFile::prove(std::chrono::milliseconds longest) {
    const auto deadline = steady_clock::now() + longest;
    while (pass_ && steady_clock::now() < deadline) hash_next();
}

void VerifiedFile::finish() {
    while (pass_) hash_next();
}

std::optional<MediaDamage> VerifiedFile::find_replacement() const {
    if (sha256_.empty()) return {};
    const auto now = identity_of(-1, path_);
    if (!now || *now == opened_) return {};  // it may have been removed in order
    const MediaDamage altered{MediaFault::altered, std::filesystem::path(path_).filename().string()};
    if (now->size != opened_.size) return altered;
    if (now->size > most_hashed_again)
        return now->modified != opened_.modified ? std::optional(altered) : std::nullopt;
    try {
        VerifiedFile other(path_);
        // Hash the whole file again: the known blocks are those of the first file.
        Sha256 hash;
        for (std::int64_t number = 0; number < other.blocks(); ++number)
            hash.add(text_of(other.load(number)));
        if (hash.hex() != sha256_) return altered;
    } catch (const MediaFileError& e) {
        return damage_of(e);
    } catch (const Error&) {  // it was removed just now
    }
    return {};
}

std::string read_media_file(const std::string& path, std::uint64_t cap) {
    VerifiedFile file(path);
    if (static_cast<std::uint64_t>(file.size()) > cap)
        throw Error(path + ": is larger than " + std::to_string(cap) + " bytes");
    file.finish();
    std::string text(static_cast<std::size_t>(file.size()), '\0');
    const auto got = file.fill(0, {reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
    text.resize(got);
    return text;
}

}  // namespace riverlight::player
