#include "content/sync/fetch.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <exception>
#include <utility>

#include "content/base/crypto.hpp"
#include "content/base/files.hpp"
#include "content/sync/line.hpp"

namespace riverlight::content {
namespace {

/// Tries of one file in one visit; each but the last three must bring a two-hundredth of it.
constexpr int most_tries = 400;

bool absent(long status) {
    return status == 404 || status == 410 || status == 403;
}

/// A file that grows in staging, and the hashes of what is in it.
class Staged {
  public:
    Staged(const std::string& path, const FileFacts& facts)
        : path_(path),
          facts_(facts),
          size_(static_cast<std::uint64_t>(facts.length)),
          fd_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644)) {
        if (!fd_) throw Error("cannot write " + path + ": " + system_reason(errno));
        std::string piece(1U << 20, '\0');
        for (ssize_t got = 0; (got = ::read(fd_.get(), piece.data(), piece.size())) > 0;)
            count({piece.data(), static_cast<std::size_t>(got)});
        if (have_ > size_) start_over();
    }

    [[nodiscard]] std::uint64_t have() const { return have_; }
    [[nodiscard]] bool full() const { return have_ == size_; }

    void start_over() {
        if (::ftruncate(fd_.get(), 0) != 0 || ::lseek(fd_.get(), 0, SEEK_SET) < 0)
            throw Error("cannot write " + path_ + ": " + system_reason(errno));
        sha256_ = {};
        sha512_ = {};
        have_ = 0;
        remember_etag({});
    }

    /// False where it would grow beyond its size.
    [[nodiscard]] bool add(std::string_view bytes) {
        if (have_ + bytes.size() > size_) return false;
        auto left = bytes;
        while (!left.empty()) {
            const auto wrote = ::write(fd_.get(), left.data(), left.size());
            if (wrote < 0 && errno == EINTR) continue;
            if (wrote < 0) {
                const int why = errno;
                discard();  // it may be the disk that is full: what was staged is not what it is needed for
                throw Error("cannot write " + path_ + ": " + system_reason(why) +
                            (why == ENOSPC ? "; make room on that disk" : ""));
            }
            left.remove_prefix(static_cast<std::size_t>(wrote));
        }
        count(bytes);
        return true;
    }

    [[nodiscard]] bool holds() {
        return full() && (facts_.sha256.empty() || sha256_.hex() == facts_.sha256) &&
               (facts_.sha512.empty() || sha512_.hex() == facts_.sha512);
    }

    void discard() const {
        ::unlink(path_.c_str());
        ::unlink(etag_path().c_str());
    }

    /// Gives the very file that was verified its name: what stands there now under `path` may be another.
    void place(const std::string& into) const {
        if (::fsync(fd_.get()) != 0) throw Error("cannot write " + path_ + ": " + system_reason(errno));
        if (!is_at(path_)) throw Error(path_ + ": was changed while it was fetched; it is not taken");
        if (::rename(path_.c_str(), into.c_str()) != 0)
            throw Error("cannot write " + into + ": " + system_reason(errno));
        if (!is_at(into)) {
            ::unlink(into.c_str());
            throw Error(into + ": was changed while it was taken in; it is removed");
        }
        ::unlink(etag_path().c_str());
    }

    [[nodiscard]] std::string etag() const {
        try {
            return read_file(etag_path(), 200);
        } catch (const Error&) {
            return {};
        }
    }
    void remember_etag(const std::string& etag) const {
        if (etag.empty()) {
            ::unlink(etag_path().c_str());
        } else {
            write_file_atomically(etag_path(), etag);
        }
    }

  private:
    [[nodiscard]] std::string etag_path() const { return path_ + ".etag"; }
    [[nodiscard]] bool is_at(const std::string& path) const {
        struct stat ours {
        }, theirs{};
        return ::fstat(fd_.get(), &ours) == 0 && ::lstat(path.c_str(), &theirs) == 0 &&
               ours.st_dev == theirs.st_dev && ours.st_ino == theirs.st_ino;
    }
    void count(std::string_view bytes) {
        if (!facts_.sha256.empty()) sha256_.add(bytes);
        if (!facts_.sha512.empty()) sha512_.add(bytes);
        have_ += bytes.size();
    }

    std::string path_;
    const FileFacts& facts_;
    std::uint64_t size_, have_ = 0;
    Fd fd_;
    Sha256 sha256_;
    Sha512 sha512_;
};

/// Takes the body of one answer into the staged file.
class Intake {
  public:
    Intake(Staged& staged, const FileFacts& facts, const std::function<void(std::uint64_t)>& progress)
        : staged_(staged), facts_(facts), progress_(progress) {}

    /// False to stop: not the range asked for, too long, or `fault` is set.
    bool take(const Answer& answer, std::string_view bytes) {
        try {
            if (std::exchange(first_, false) && !begin(answer)) return false;
            if (!staged_.add(bytes)) {
                too_long = true;
                return false;
            }
        } catch (const Error&) {
            fault = std::current_exception();
            return false;
        }
        if (progress_) progress_(staged_.have());
        return true;
    }

    std::exception_ptr fault;
    bool too_long = false;
    bool wrong_range = false;

  private:
    bool begin(const Answer& answer) {
        if (answer.status == 200) {
            if (staged_.have() > 0)
                staged_.start_over();  // all of it comes: another version, or no ranges there
            if (!answer.etag.empty()) staged_.remember_etag(answer.etag);
            return true;
        }
        wrong_range =
            answer.range_start != staged_.have() ||
            (answer.range_total && *answer.range_total != static_cast<std::uint64_t>(facts_.length));
        return !wrong_range;
    }

    Staged& staged_;
    const FileFacts& facts_;
    const std::function<void(std::uint64_t)>& progress_;
    bool first_ = true;
};

[[noreturn]] void not_signed(const std::string& where) {
    throw Error(
        where +
        ": its bytes are not the ones that were signed; it is not taken. Publish the channel again, or "
        "look for who changes it on its way");
}

}  // namespace

struct Fetcher::State {
    FetchOptions options;
    Line line;

    explicit State(FetchOptions o) : options(std::move(o)), line(options) {}

    [[nodiscard]] std::string url(const std::string& path) const {
        auto base = options.base_url;
        while (base.ends_with('/')) base.pop_back();
        return base + '/' + path;
    }

    /// Fetches what is missing of `staged`. False where it has to start over.
    bool complete(const std::string& where, Staged& staged, const FileFacts& facts,
                  const std::function<void(std::uint64_t)>& progress) {
        int idle = 0;
        for (int tries = 0; !staged.full() && tries < most_tries; ++tries) {
            const auto before = staged.have();
            Intake intake(staged, facts, progress);
            const auto out =
                line.run({where, before, staged.etag(), 0},
                         [&](const Answer& a, std::string_view piece) { return intake.take(a, piece); });
            if (intake.fault) std::rethrow_exception(intake.fault);
            if (intake.too_long) {
                staged.discard();
                not_signed(where);
            }
            if (intake.wrong_range || out.answer.status == 416) return false;
            if (absent(out.answer.status)) throw Error(where + ": is not there; publish the channel again");
            if (out.ending == Line::Ending::whole && out.answer.status != 200 && out.answer.status != 206)
                throw Error("cannot fetch " + where + ": the server answered " +
                            std::to_string(out.answer.status) + "; the next visit tries again");
            const auto gained = staged.have() > before ? staged.have() - before : 0;
            idle = gained >= std::max<std::uint64_t>(1, static_cast<std::uint64_t>(facts.length) / 200)
                       ? 0
                       : idle + 1;
            if (!staged.full() && (idle >= 3 || out.slow))
                throw Error("cannot fetch " + where + ": " + (out.why.empty() ? "it ended" : out.why) +
                            " after " + std::to_string(staged.have()) + " of " +
                            std::to_string(facts.length) + " bytes; the next visit goes on from there");
        }
        return staged.full();
    }
};

Fetcher::Fetcher(FetchOptions options) : state_(std::make_unique<State>(std::move(options))) {}
Fetcher::~Fetcher() = default;

std::uint64_t Fetcher::crossed() const {
    return state_->line.crossed();
}

std::optional<std::string> Fetcher::bytes(const std::string& path, std::uint64_t cap) {
    const auto where = state_->url(path);
    std::string got;
    const auto out = state_->line.run({where, 0, {}, state_->options.metadata_seconds},
                                      [&](const Answer&, std::string_view piece) {
                                          if (got.size() + piece.size() > cap) return false;
                                          got += piece;
                                          return true;
                                      });
    if (out.ending == Line::Ending::stopped)
        throw Error(where + ": is longer than the " + std::to_string(cap) +
                    " bytes that it may have; it is not what this channel should hold");
    if (out.ending == Line::Ending::broken)
        throw Error("cannot fetch " + where + ": " + out.why + "; the next visit tries again");
    if (absent(out.answer.status)) return {};
    if (out.answer.status != 200)
        throw Error("cannot fetch " + where + ": the server answered " + std::to_string(out.answer.status));
    return got;
}

std::string Fetcher::need(const std::string& path, std::uint64_t cap) {
    auto found = bytes(path, cap);
    if (!found)
        throw Error(state_->url(path) +
                    ": is not there; check the channel's address, or publish the channel again");
    return std::move(*found);
}

void Fetcher::file(const std::string& path, const std::string& staged_path, const std::string& into,
                   const FileFacts& facts, const std::function<void(std::uint64_t)>& progress) {
    const auto where = state_->url(path);
    if (facts.length < 0 || !facts.checkable())
        throw Error(where +
                    ": has no length or no hash of a kind known here (sha256, sha512); it is not taken");
    Staged staged(staged_path, facts);
    bool resumed = staged.have() > 0;
    for (int rounds = 0; rounds < 3; ++rounds) {
        const bool whole = state_->complete(where, staged, facts, progress);
        if (whole && staged.holds()) {
            staged.place(into);
            return;
        }
        if (whole && !resumed) break;
        staged.start_over();  // what lay there, or what was asked for from the middle, is not of this file
        resumed = false;
    }
    staged.discard();
    not_signed(where);
}

}  // namespace riverlight::content
