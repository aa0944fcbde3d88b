#include "content/sync/fetch.hpp"

#include <curl/curl.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "content/base/crypto.hpp"
#include "content/base/files.hpp"

namespace riverlight::content {
namespace {

struct EasyClose {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};

/// libcurl asks to be initialised once a process, before threads; a static's initialisation is that once.
void start_curl() {
    static const auto started = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (started != CURLE_OK) throw Error("libcurl does not start; the system's libraries are damaged");
}

/// What a transfer writes into; false stops it.
using Sink = std::function<bool(std::string_view)>;

std::size_t on_data(const char* data, std::size_t, std::size_t count, void* sink) {
    return (*static_cast<Sink*>(sink))({data, count}) ? count : 0;
}

void write_whole(int fd, std::string_view bytes, const std::string& path) {
    while (!bytes.empty()) {
        const auto wrote = ::write(fd, bytes.data(), bytes.size());
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote < 0)
            throw Error("cannot write " + path + ": " + system_reason(errno) +
                        (errno == ENOSPC ? "; make room on that disk" : ""));
        bytes.remove_prefix(static_cast<std::size_t>(wrote));
    }
}

}  // namespace

struct Fetcher::State {
    const SyncOptions options;
    std::unique_ptr<CURL, EasyClose> easy;
    std::array<char, CURL_ERROR_SIZE> words{};
    std::uint64_t crossed = 0;

    explicit State(const SyncOptions& o) : options(o) {
        start_curl();
        easy.reset(curl_easy_init());
        if (!easy) throw Error("libcurl has no memory for a transfer");
    }

    template <class Value>
    void set(CURLoption option, Value value) {
        if (curl_easy_setopt(easy.get(), option, value) != CURLE_OK)
            throw Error(
                "libcurl does not know an option that Riverlight needs; is it Debian's libcurl 7.88 or "
                "later?");
    }

    [[nodiscard]] std::string url(const std::string& path) const {
        auto base = options.channel_url;
        while (base.ends_with('/')) base.pop_back();
        return base + '/' + path;
    }

    void prepare(const std::string& where, Sink& sink) {
        curl_easy_reset(easy.get());
        set(CURLOPT_URL, where.c_str());
        set(CURLOPT_ERRORBUFFER, words.data());
        set(CURLOPT_PROTOCOLS_STR, "http,https,file");
        set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
        set(CURLOPT_FOLLOWLOCATION, 1L);
        set(CURLOPT_MAXREDIRS, 3L);
        set(CURLOPT_NOSIGNAL, 1L);
        set(CURLOPT_CONNECTTIMEOUT, 20L);
        set(CURLOPT_LOW_SPEED_LIMIT, static_cast<long>(options.low_speed_bytes));
        set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(options.low_speed_seconds));
        set(CURLOPT_USERAGENT, "riverlight/" RIVERLIGHT_VERSION);
        set(CURLOPT_WRITEFUNCTION, &on_data);
        set(CURLOPT_WRITEDATA, &sink);
        if (!options.ca_file.empty()) set(CURLOPT_CAINFO, options.ca_file.c_str());
    }

    [[noreturn]] void fail(const std::string& where, CURLcode code) const {
        const std::string said = words[0] ? words.data() : curl_easy_strerror(code);
        throw Error("cannot fetch " + where + ": " + said + "; the next visit tries again");
    }

    /// Runs the prepared transfer; the HTTP status, 200 for file://.
    long run(const std::string& where) {
        words[0] = '\0';
        const auto code = curl_easy_perform(easy.get());
        if (code == CURLE_FILE_COULDNT_READ_FILE) return 404;
        if (code != CURLE_OK) fail(where, code);
        long status = 0;
        curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
        return status == 0 ? 200 : status;
    }

    [[nodiscard]] long status_now() const {
        long status = 0;
        curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
        return status;
    }
};

Fetcher::Fetcher(const SyncOptions& options) : state_(std::make_unique<State>(options)) {}
Fetcher::~Fetcher() = default;

std::uint64_t Fetcher::crossed() const {
    return state_->crossed;
}

std::optional<std::string> Fetcher::bytes(const std::string& path, std::uint64_t cap) {
    const auto where = state_->url(path);
    std::string out;
    bool too_long = false;
    Sink sink = [&](std::string_view piece) {
        state_->crossed += piece.size();
        too_long = out.size() + piece.size() > cap;
        if (!too_long) out += piece;
        return !too_long;
    };
    state_->prepare(where, sink);
    long status = 0;
    try {
        status = state_->run(where);
    } catch (const Error&) {
        if (too_long)
            throw Error(where + ": is longer than the " + std::to_string(cap) +
                        " bytes that it may have; it is not what this channel should hold");
        throw;
    }
    if (status == 404 || status == 403 || status == 410) return {};
    if (status != 200)
        throw Error("cannot fetch " + where + ": the server answered " + std::to_string(status));
    return out;
}

std::string Fetcher::need(const std::string& path, std::uint64_t cap) {
    auto found = bytes(path, cap);
    if (!found)
        throw Error(state_->url(path) +
                    ": is not there; check the channel's address, or publish the channel again");
    return std::move(*found);
}

void Fetcher::file(const std::string& path, const std::string& into, std::uint64_t size,
                   const std::string& sha256, const std::function<void(std::uint64_t)>& progress) {
    const auto where = state_->url(path);
    Fd fd(::open(into.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644));
    if (!fd) throw Error("cannot write " + into + ": " + system_reason(errno));
    Sha256 hash;
    std::uint64_t have = 0;
    std::string piece(1U << 20, '\0');
    for (ssize_t got = 0; (got = ::read(fd.get(), piece.data(), piece.size())) > 0;) {
        hash.add({piece.data(), static_cast<std::size_t>(got)});
        have += static_cast<std::uint64_t>(got);
    }
    const auto start_over = [&] {
        if (::ftruncate(fd.get(), 0) != 0 || ::lseek(fd.get(), 0, SEEK_SET) < 0)
            throw Error("cannot write " + into + ": " + system_reason(errno));
        hash = Sha256{};
        have = 0;
    };
    if (have > size) start_over();
    bool too_long = false, first = true;
    std::exception_ptr torn;
    Sink sink = [&](std::string_view bytes) {
        if (std::exchange(first, false) && have > 0 && state_->status_now() == 200)
            start_over();  // no ranges there
        state_->crossed += bytes.size();
        too_long = have + bytes.size() > size;
        if (too_long) return false;
        try {
            write_whole(fd.get(), bytes, into);
        } catch (const Error&) {
            torn = std::current_exception();
            return false;
        }
        hash.add(bytes);
        have += bytes.size();
        if (progress) progress(have);
        return true;
    };
    if (have < size) {
        state_->prepare(where, sink);
        if (have > 0) state_->set(CURLOPT_RESUME_FROM_LARGE, static_cast<curl_off_t>(have));
        state_->set(CURLOPT_FAILONERROR, 1L);
        try {
            if (state_->run(where) == 404) throw Error(where + ": is not there; publish the channel again");
        } catch (const Error&) {
            if (torn) std::rethrow_exception(torn);
            if (!too_long) throw;
        }
    }
    if (!too_long && have < size)
        throw Error("cannot fetch " + where + ": it ended after " + std::to_string(have) + " of " +
                    std::to_string(size) + " bytes; the next visit goes on from there");
    if (too_long || hash.hex() != sha256) {
        ::unlink(into.c_str());
        throw Error(where +
                    ": its bytes are not the ones that were signed; it is not taken. Publish the channel "
                    "again, or look for who changes it on its way");
    }
    if (::fsync(fd.get()) != 0) throw Error("cannot write " + into + ": " + system_reason(errno));
}

}  // namespace riverlight::content
