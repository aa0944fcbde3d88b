#include "content/sync/line.hpp"

#include <openssl/ssl.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <utility>

#include "content/sync/local.hpp"

namespace riverlight::content {
namespace {

constexpr long receive_buffer = 256L << 10;  // fewer, larger pieces to hash and write

/// libcurl asks to be initialised once a process, before threads; a static's initialisation is that once.
void start_curl() {
    static const auto started = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (started != CURLE_OK) throw Error("libcurl does not start; the system's libraries are damaged");
}

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return out;
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == text.npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (ec != std::errc{} || end != text.data() + text.size()) return {};
    return value;
}

/// `bytes 100-199/200` (RFC 9110, section 14.4).
void read_range(std::string_view text, Answer& answer) {
    if (!text.starts_with("bytes ")) return;
    text.remove_prefix(6);
    const auto dash = text.find('-'), slash = text.find('/');
    if (dash == text.npos || slash == text.npos || slash < dash) return;
    answer.range_start = number(text.substr(0, dash));
    answer.range_total = number(text.substr(slash + 1));
}

struct FreeUrl {
    void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

struct Origin {
    std::string scheme, host, port;
};

Origin origin_of(const std::string& url) {
    const std::unique_ptr<CURLU, FreeUrl> parsed(curl_url());
    const auto part = [&](CURLUPart which, unsigned flags) {
        char* text = nullptr;
        if (curl_url_get(parsed.get(), which, &text, flags) != CURLUE_OK) return std::string{};
        std::string out = lower(text);
        curl_free(text);
        return out;
    };
    if (!parsed || curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) return {};
    return {part(CURLUPART_SCHEME, 0), part(CURLUPART_HOST, 0), part(CURLUPART_PORT, CURLU_DEFAULT_PORT)};
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

struct Line::Transfer {
    Line& line;
    const TakeBody& take;
    Answer answer{};
    bool stopped = false, page = false;
    std::uint64_t headers = 0, counted = 0;
};

Line::Line(const FetchOptions& options) : options_(options) {
    start_curl();
    easy_.reset(curl_easy_init());
    if (!easy_) throw Error("libcurl has no memory for a transfer");
}

template <class Value>
void Line::set(CURLoption option, Value value) {
    if (curl_easy_setopt(easy_.get(), option, value) != CURLE_OK)
        throw Error(
            "libcurl does not know an option that Riverlight needs; is it Debian's libcurl 7.88 or later?");
}

std::size_t Line::on_body(const char* data, std::size_t, std::size_t count, void* transfer) {
    auto& t = *static_cast<Transfer*>(transfer);
    t.line.count(t);
    if (t.answer.status == 0) {
        curl_easy_getinfo(t.line.easy_.get(), CURLINFO_RESPONSE_CODE, &t.answer.status);
    }
    if (t.answer.status != 200 && t.answer.status != 206) return count;  // an error's page: not looked at
    t.page = t.answer.type.starts_with("text/html");
    if (t.page) return 0;
    t.stopped = !t.take(t.answer, {data, count});
    return t.stopped ? 0 : count;
}

std::size_t Line::on_header(const char* data, std::size_t, std::size_t count, void* transfer) {
    static_cast<Transfer*>(transfer)->headers += count;
    auto& answer = static_cast<Transfer*>(transfer)->answer;
    const std::string_view line(data, count);
    if (line.starts_with("HTTP/")) answer = {};  // the answer proper, after a 1xx
    const auto colon = line.find(':');
    if (colon == line.npos) return count;
    const auto name = lower(line.substr(0, colon));
    const auto value = trimmed(line.substr(colon + 1));
    if (name == "etag" && value.starts_with('"') && value.size() < 200) answer.etag = value;
    if (name == "content-type") answer.type = lower(value);
    if (name == "content-range") read_range(value, answer);
    return count;
}

/// What has crossed of this transfer is libcurl's own count: bodies before they are unpacked.
void Line::count(Transfer& transfer) {
    curl_off_t body = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_SIZE_DOWNLOAD_T, &body);
    const auto all = transfer.headers + static_cast<std::uint64_t>(std::max<curl_off_t>(body, 0));
    if (all <= transfer.counted) return;
    const auto more = all - std::exchange(transfer.counted, all);
    crossed_ += more;
    if (options_.received) options_.received(more);
}

/// Certificates are judged as of options_.not_before where the system's clock is not there yet.
CURLcode Line::on_tls(CURL*, void* context, void* line) {
    const auto& floor = static_cast<Line*>(line)->options_.not_before;
    if (floor && std::chrono::system_clock::now() < *floor)
        X509_VERIFY_PARAM_set_time(SSL_CTX_get0_param(static_cast<SSL_CTX*>(context)),
                                   std::chrono::system_clock::to_time_t(*floor));
    return CURLE_OK;
}

/// How the bytes get out: proxies, authorities, the age of certificates.
void Line::prepare_way() {
    const auto& way = options_.outbound;
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_SSL_CTX_FUNCTION, &Line::on_tls);
    set(CURLOPT_SSL_CTX_DATA, this);
    set(CURLOPT_PROXY_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!options_.ca_file.empty()) set(CURLOPT_CAINFO, options_.ca_file.c_str());
    if (!way.proxy.empty()) set(CURLOPT_PROXY, way.proxy.c_str());
    if (!way.proxy_login.empty()) {
        set(CURLOPT_PROXYUSERPWD, way.proxy_login.c_str());
        set(CURLOPT_PROXYAUTH, static_cast<long>(CURLAUTH_ANY));
    }
    if (!way.no_proxy.empty()) set(CURLOPT_NOPROXY, way.no_proxy.c_str());
}

void Line::prepare(const Ask& ask, Transfer& transfer) {
    curl_easy_reset(easy_.get());
    words_[0] = '\0';
    set(CURLOPT_URL, ask.url.c_str());
    set(CURLOPT_ERRORBUFFER, words_.data());
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_FOLLOWLOCATION, 0L);  // run() follows, and looks where to
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_CONNECTTIMEOUT, static_cast<long>(options_.connect_seconds));
    set(CURLOPT_BUFFERSIZE, receive_buffer);
    set(CURLOPT_LOW_SPEED_LIMIT, static_cast<long>(options_.low_speed_bytes));
    set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(options_.low_speed_seconds));
    set(CURLOPT_TIMEOUT, static_cast<long>(ask.seconds));
    set(CURLOPT_USERAGENT, "riverlight/" RIVERLIGHT_VERSION);
    set(CURLOPT_WRITEFUNCTION, &Line::on_body);
    set(CURLOPT_WRITEDATA, &transfer);
    set(CURLOPT_HEADERFUNCTION, &Line::on_header);
    set(CURLOPT_HEADERDATA, &transfer);
    prepare_way();
    prepare_part(ask);
}

void Line::prepare_part(const Ask& ask) {
    if (ask.packed) set(CURLOPT_ACCEPT_ENCODING, "gzip");
    headers_.reset();
    if (ask.from == 0) return;
    set(CURLOPT_RANGE, (std::to_string(ask.from) + '-').c_str());
    if (ask.if_range.empty()) return;
    headers_.reset(curl_slist_append(nullptr, ("If-Range: " + ask.if_range).c_str()));
    set(CURLOPT_HTTPHEADER, headers_.get());
}

/// A folder instead of a server.
Line::Outcome Line::local(const Ask& ask, const TakeBody& take) {
    auto base = options_.base_url;
    while (base.ends_with('/')) base.pop_back();
    Outcome out;
    out.answer.status = ask.from > 0 ? 206 : 200;
    if (ask.from > 0) out.answer.range_start = ask.from;
    const auto read = read_below(folder_of_url(base), std::string_view(ask.url).substr(base.size() + 1),
                                 ask.from, [&](std::string_view piece) {
                                     crossed_ += piece.size();
                                     return take(out.answer, piece);
                                 });
    if (read.end == LocalEnd::absent) out.answer.status = 404;
    if (read.end == LocalEnd::stopped) out.ending = Ending::stopped;
    if (read.end == LocalEnd::broken) out.ending = Ending::broken;
    out.why = read.why;
    return out;
}

Line::Outcome Line::once(const Ask& ask, const TakeBody& take) {
    if (ask.url.starts_with("file://")) return local(ask, take);
    Transfer transfer{*this, take};
    prepare(ask, transfer);
    const auto code = curl_easy_perform(easy_.get());
    count(transfer);
    Outcome out;
    out.answer = transfer.answer;
    curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &out.answer.status);
    if (transfer.page)
        throw LineFault(
            "cannot fetch " + without_login(ask.url) +
            ": a web page came instead of the channel; this network asks to sign in first (captive "
            "portal), or the address is wrong");
    if (code == CURLE_OK) return out;
    out.ending = transfer.stopped ? Ending::stopped : Ending::broken;
    out.why = without_login(words_[0] ? words_.data() : curl_easy_strerror(code));
    out.slow = code == CURLE_OPERATION_TIMEDOUT;
    return out;
}

std::string Line::redirected(const std::string& from) const {
    char* location = nullptr;
    curl_easy_getinfo(easy_.get(), CURLINFO_REDIRECT_URL, &location);
    std::string to = location ? location : "";
    const auto a = origin_of(from), b = origin_of(to);
    const bool same = a.scheme == b.scheme && a.port == b.port;
    const bool safer = a.scheme == "http" && b.scheme == "https";
    if (to.empty() || a.host != b.host || (!same && !safer))
        throw LineFault(
            "cannot fetch " + without_login(from) + ": the server sends on to '" +
            without_login(to.substr(0, 200)) +
            "', which is not followed: only the same host, and never from https to less. If the channel "
            "has moved, change its address in the settings");
    return to;
}

Line::Outcome Line::run(Ask ask, const TakeBody& take) {
    for (int hops = 0; hops < 4; ++hops) {
        auto out = once(ask, take);
        const auto status = out.answer.status;
        const bool moved = status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
        if (!moved || out.ending != Ending::whole) return out;
        ask.url = redirected(ask.url);
    }
    throw LineFault("cannot fetch " + without_login(ask.url) +
                    ": it is sent on again and again; mend the server's redirects");
}

}  // namespace riverlight::content
