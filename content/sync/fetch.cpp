#include "content/sync/fetch.hpp"

#include <algorithm>
#include <cassert>
#include <chrono>
#include <exception>
#include <thread>
#include <utility>

#include "content/sync/connection.hpp"
#include "content/sync/staged_file.hpp"

namespace riverlight::content {
namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;
using Progress = std::function<void(std::uint64_t)>;

/// Tries for one file in one visit. Three in a row that bring less than a two-hundredth of it end them.
constexpr int max_tries = 400;
constexpr auto ask_limit_every = 250ms;

bool is_absent(long status) {
    return status == 404 || status == 410 || status == 403;
}

ConnectionError refusal(const std::string& url, long status) {
    const bool login = status == 407;
    return {
        login ? FetchFault::proxy_login : FetchFault::status, not_fetched(url),
        "the server answered " + std::to_string(status) +
            (login ? "; the proxy requires a login: set proxy_login_file" : "; the next visit tries again")};
}

/// Slows a transfer down to the bandwidth limit.
class RatePacer {
  public:
    explicit RatePacer(const GetBandwidthLimit& get_limit) : get_limit_(get_limit) {
        if (get_limit_) limit_ = get_limit_();
    }
    [[nodiscard]] const BandwidthLimit& limit() const { return limit_; }
    /// Waits until these bytes are due. False if the limit changed meanwhile.
    [[nodiscard]] bool pace(std::size_t bytes) {
        received_ += bytes;
        bool changed = has_changed();
        for (auto ahead = time_ahead(); !changed && ahead > 0us; ahead = time_ahead()) {
            std::this_thread::sleep_for(std::min<std::chrono::microseconds>(ahead, ask_limit_every));
            changed = has_changed();
        }
        return !changed;
    }

  private:
    /// How long to wait to keep the rate. Meanwhile the socket's buffer fills up and the server slows down.
    /// The limit built into libcurl 7.88 lets bursts of many seconds through.
    [[nodiscard]] std::chrono::microseconds time_ahead() const {
        if (limit_.bytes_per_second == 0) return 0us;
        const std::chrono::duration<double> due(static_cast<double>(received_) /
                                                static_cast<double>(limit_.bytes_per_second));
        return std::chrono::duration_cast<std::chrono::microseconds>(began_ + due - Steady::now());
    }
    /// True if the limit is another one than at the start.
    bool has_changed() {
        if (!get_limit_ || Steady::now() - polled_ < ask_limit_every) return false;
        polled_ = Steady::now();
        return get_limit_() != limit_;
    }

    const GetBandwidthLimit& get_limit_;
    BandwidthLimit limit_;
    Steady::time_point began_ = Steady::now(), polled_ = began_;
    std::uint64_t received_ = 0;
};

/// Appends the body of one response to the staged file, at the rate that is allowed. Stops if the limit
/// changes; the next try then starts with the new one.
class BodyWriter {
  public:
    BodyWriter(StagedFile& staged, const FileFacts& facts, const std::string& url, const Progress& progress,
               const GetBandwidthLimit& get_limit)
        : staged_(staged), facts_(facts), url_(url), progress_(progress), pacer_(get_limit) {}

    /// Returns false to stop the transfer: the range is not the requested one, the body is too long, the
    /// limit changed, or `fault` is set.
    bool handle(const TransferResponse& response, std::string_view bytes) {
        try {
            if (std::exchange(first_, false) && !begin(response)) return false;
            if (!staged_.add(bytes)) {
                too_long = true;
                return false;
            }
            if (progress_) progress_(staged_.have());
            limit_changed = !pacer_.pace(bytes.size());
        } catch (const Error&) {
            fault = std::current_exception();
        }
        return !fault && (!limit_changed || staged_.full());
    }

    [[nodiscard]] const BandwidthLimit& limit() const { return pacer_.limit(); }
    /// False once the limit changed, also while nothing arrives.
    [[nodiscard]] bool may_continue() {
        limit_changed = limit_changed || !pacer_.pace(0);
        return !limit_changed;
    }

    std::exception_ptr fault;
    bool too_long = false, wrong_range = false, limit_changed = false;

  private:
    bool begin(const TransferResponse& response) {
        if (response.status == 200) {
            // The whole file comes: it is another version, or the server has no ranges.
            if (staged_.have() > 0) staged_.start_over();
            if (!response.etag.empty()) staged_.remember_etag(url_, response.etag);
            return true;
        }
        wrong_range = response.range_start != staged_.have() ||
                      (response.range_total && response.range_total != facts_.length);
        return !wrong_range;
    }

    StagedFile& staged_;
    const FileFacts& facts_;
    const std::string& url_;
    const Progress& progress_;
    RatePacer pacer_;
    bool first_ = true;
};

[[noreturn]] void throw_mismatch(const std::string& where) {
    throw ContentMismatch(
        FetchFault::bytes, where,
        "its bytes are not the signed ones; it is not used. Publish the channel again, or find out what "
        "changes it in transit");
}

}  // namespace

std::string without_login(std::string text) {
    for (auto at = text.find("://"); at != text.npos; at = text.find("://", at)) {
        at += 3;
        const auto end = std::min(text.find_first_of("/?# '\"", at), text.size());
        const auto login = text.rfind('@', end);
        if (login != text.npos && login >= at && login < end) text.erase(at, login + 1 - at);
    }
    return text;
}

Where not_fetched(const std::string& url) {
    const auto shown = without_login(url);
    return {shown, "cannot fetch " + shown};
}

struct Fetcher::State {
    FetchOptions options;
    Connection connection;
    GetBandwidthLimit get_limit;

    explicit State(FetchOptions o) : options(std::move(o)), connection(options) {}

    [[nodiscard]] std::string url(const std::string& path) const {
        auto base = options.base_url;
        while (base.ends_with('/')) base.pop_back();
        return base + '/' + path;
    }

    /// Throws if the response is not a part of the file.
    static void require_part(const Connection::Outcome& out, const BodyWriter& body,
                             const std::string& where) {
        if (body.fault) std::rethrow_exception(body.fault);
        if (is_absent(out.response.status))
            throw NotFound(FetchFault::absent, where, "does not exist; publish the channel again");
        if (out.ending == Connection::Ending::complete && out.response.status != 200 &&
            out.response.status != 206)
            throw refusal(where, out.response.status);
    }

    /// Downloads what `staged` lacks. Returns false if the download must start over.
    bool complete(const std::string& address, StagedFile& staged, const FileFacts& facts,
                  const Progress& progress) {
        const auto where = without_login(address);
        const auto least = std::max<std::uint64_t>(1, facts.length.value() / 200);
        int idle = 0;
        for (int tries = 0; !staged.full() && tries < max_tries; ++tries) {
            const auto before = staged.have();
            BodyWriter body(staged, facts, address, progress, get_limit);
            if (!body.limit().open)
                throw BandwidthClosed(where + ": waits until downloads are allowed again");
            const auto out = connection.run(
                {.url = address,
                 .from = before,
                 .if_range = staged.etag(address),
                 .may_continue = [&body] { return body.may_continue(); }},
                [&](const TransferResponse& r, std::string_view piece) { return body.handle(r, piece); });
            if (body.too_long) {
                staged.discard();
                throw_mismatch(where);
            }
            if (body.wrong_range || out.response.status == 416) return false;
            if (!body.fault && body.limit_changed) continue;
            require_part(out, body, where);
            idle = staged.have() >= before + least ? 0 : idle + 1;
            if (!staged.full() && (idle >= 3 || out.too_slow))
                throw ConnectionError(FetchFault::broken, not_fetched(where),
                                      (out.why.empty() ? "it ended" : out.why) + " after " +
                                          std::to_string(staged.have()) + " of " +
                                          std::to_string(*facts.length) +
                                          " bytes; the next visit continues from there");
        }
        return staged.full();
    }
};

Fetcher::Fetcher(FetchOptions options) : state_(std::make_unique<State>(std::move(options))) {}
Fetcher::~Fetcher() = default;

std::uint64_t Fetcher::received_bytes() const {
    return state_->connection.received_bytes();
}

std::string Fetcher::shown(const std::string& path) const {
    return without_login(state_->url(path));
}

void Fetcher::limit_bandwidth(GetBandwidthLimit limit) {
    state_->get_limit = std::move(limit);
}

std::optional<std::string> Fetcher::bytes(const std::string& path, std::uint64_t cap) {
    const auto address = state_->url(path), where = without_login(address);
    std::string got;
    const auto out =
        state_->connection.run({.url = address, .timeout = state_->options.metadata_timeout, .packed = true},
                               [&](const TransferResponse&, std::string_view piece) {
                                   if (got.size() + piece.size() > cap) return false;
                                   got += piece;
                                   return true;
                               });
    if (out.ending == Connection::Ending::stopped)
        throw ContentMismatch(
            FetchFault::too_long, where,
            "is longer than the " + std::to_string(cap) + " bytes allowed; it is not a file of this channel");
    if (out.ending == Connection::Ending::broken)
        throw ConnectionError(FetchFault::broken, not_fetched(where),
                              out.why + "; the next visit tries again");
    if (is_absent(out.response.status)) return {};
    if (out.response.status != 200) throw refusal(where, out.response.status);
    return got;
}

std::string Fetcher::need(const std::string& path, std::uint64_t cap) {
    auto found = bytes(path, cap);
    if (!found)
        throw NotFound(FetchFault::absent, without_login(state_->url(path)),
                       "does not exist; check the channel's address, or publish the channel again");
    return std::move(*found);
}

void Fetcher::file(const std::string& path, const std::string& staged_path, const std::string& into,
                   const FileFacts& facts, const Progress& progress) {
    const auto address = state_->url(path), where = without_login(address);
    if (!facts.length || !facts.checkable())
        throw TrustError(TrustFault::bytes, where,
                         "the channel's list gives no length or no SHA-256 or SHA-512; it is not used");
    StagedFile staged(staged_path, facts);
    bool resumed = staged.have() > 0;
    for (int rounds = 0; rounds < 3; ++rounds) {
        const bool complete = state_->complete(address, staged, facts, progress);
        if (complete && staged.verify()) {
            staged.place(into);
            return;
        }
        if (complete && !resumed) break;
        staged.start_over();  // the resumed part, or the requested range, was not of this file
        resumed = false;
    }
    staged.discard();
    throw_mismatch(where);
}

}  // namespace riverlight::content
