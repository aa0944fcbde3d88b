#include "content/sync/connection.hpp"

#include <openssl/ssl.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <utility>

#include "content/sync/local.hpp"

namespace riverlight::content {
namespace {

using namespace std::chrono_literals;

constexpr long receive_buffer = 256L << 10;  // bytes; fewer, larger pieces to hash and write

/// libcurl must be initialised once in a process. A static does so, also when threads compete.
void start_curl() {
    static const auto started = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (started != CURLE_OK) throw Error("libcurl cannot be initialised; reinstall libcurl4");
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
void read_range(std::string_view text, TransferResponse& response) {
    if (!text.starts_with("bytes ")) return;
    text.remove_prefix(6);
    const auto dash = text.find('-'), slash = text.find('/');
    if (dash == text.npos || slash == text.npos || slash < dash) return;
    response.range_start = number(text.substr(0, dash));
    response.range_total = number(text.substr(slash + 1));
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

struct Connection::Transfer {
    Connection& connection;
    const BodyHandler& handle;
    TransferResponse response{};
    const TransferRequest& request;
    bool stopped = false, page = false, packed = false;  ///< packed: its encoding is expected
    bool encoded = false;
    std::uint64_t headers = 0, counted = 0;
};

Connection::Connection(const FetchOptions& options) : options_(options) {
    start_curl();
    easy_.reset(curl_easy_init());
    if (!easy_) throw Error("libcurl has no memory for a transfer");
}

template <class Value>
void Connection::set(CURLoption option, Value value) {
    if (curl_easy_setopt(easy_.get(), option, value) != CURLE_OK)
        throw Error("libcurl lacks an option that Riverlight needs; install Debian's libcurl 7.88 or later");
}

std::size_t Connection::on_body(const char* data, std::size_t, std::size_t count, void* transfer) {
    auto& t = *static_cast<Transfer*>(transfer);
    t.connection.count_received(t);
    if (t.response.status == 0) {
        curl_easy_getinfo(t.connection.easy_.get(), CURLINFO_RESPONSE_CODE, &t.response.status);
    }
    if (t.response.status != 200 && t.response.status != 206) return count;  // skip error pages
    t.page = t.response.web_page;
    t.encoded = !t.packed && !t.response.encoding.empty() && t.response.encoding != "identity";
    if (t.page || t.encoded) return 0;
    t.stopped = !t.handle(t.response, {data, count});
    return t.stopped ? 0 : count;
}

int Connection::on_progress(void* transfer, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    auto& t = *static_cast<Transfer*>(transfer);
    t.stopped = t.stopped || !t.request.may_continue();
    return t.stopped ? 1 : 0;
}

std::size_t Connection::on_header(const char* data, std::size_t, std::size_t count, void* transfer) {
    static_cast<Transfer*>(transfer)->headers += count;
    auto& response = static_cast<Transfer*>(transfer)->response;
    const std::string_view line(data, count);
    if (line.starts_with("HTTP/")) response = {};  // the final response after a 1xx
    const auto colon = line.find(':');
    if (colon == line.npos) return count;
    const auto name = lower(line.substr(0, colon));
    const auto value = trimmed(line.substr(colon + 1));
    if (name == "etag" && value.starts_with('"') && value.size() < 200) response.etag = value;
    if (name == "content-type") response.web_page = lower(value).starts_with("text/html");
    if (name == "content-encoding") response.encoding = lower(value).substr(0, 64);
    if (name == "content-range") read_range(value, response);
    return count;
}

/// Adds what this transfer received since the last call. libcurl counts bodies before they are unpacked.
void Connection::count_received(Transfer& transfer) {
    curl_off_t body = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_SIZE_DOWNLOAD_T, &body);
    const auto all = transfer.headers + static_cast<std::uint64_t>(std::max<curl_off_t>(body, 0));
    if (all <= transfer.counted) return;
    const auto more = all - std::exchange(transfer.counted, all);
    received_ += more;
    if (options_.received) options_.received(more);
}

/// Judges certificates as of options_.not_before while the system's clock is behind it.
CURLcode Connection::on_tls(CURL*, void* context, void* connection) {
    const auto& floor = static_cast<Connection*>(connection)->options_.not_before;
    if (floor && std::chrono::system_clock::now() < *floor)
        X509_VERIFY_PARAM_set_time(SSL_CTX_get0_param(static_cast<SSL_CTX*>(context)),
                                   std::chrono::system_clock::to_time_t(*floor));
    return CURLE_OK;
}

/// Sets TLS and proxy options.
void Connection::set_transport_options() {
    const auto& proxy = options_.proxy;
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_SSL_CTX_FUNCTION, &Connection::on_tls);
    set(CURLOPT_SSL_CTX_DATA, this);
    set(CURLOPT_PROXY_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!options_.ca_file.empty()) set(CURLOPT_CAINFO, options_.ca_file.c_str());
    if (!proxy.url.empty()) set(CURLOPT_PROXY, proxy.url.c_str());
    if (!proxy.login.empty()) {
        set(CURLOPT_PROXYUSERPWD, proxy.login.c_str());
        set(CURLOPT_PROXYAUTH, static_cast<long>(CURLAUTH_ANY));
    }
    if (!proxy.bypass.empty()) set(CURLOPT_NOPROXY, proxy.bypass.c_str());
}

void Connection::set_options(const TransferRequest& request, Transfer& transfer) {
    curl_easy_reset(easy_.get());
    error_text_[0] = '\0';
    set(CURLOPT_URL, request.url.c_str());
    set(CURLOPT_ERRORBUFFER, error_text_.data());
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_FOLLOWLOCATION, 0L);  // run() follows, after a check of the target
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_CONNECTTIMEOUT, static_cast<long>(options_.connect_timeout.count()));
    set(CURLOPT_BUFFERSIZE, receive_buffer);
    set(CURLOPT_LOW_SPEED_LIMIT, static_cast<long>(options_.low_speed_bytes));
    set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(options_.low_speed_period.count()));
    set(CURLOPT_TIMEOUT, static_cast<long>(request.timeout.value_or(0s).count()));
    set(CURLOPT_USERAGENT, "riverlight/" RIVERLIGHT_VERSION);
    set(CURLOPT_WRITEFUNCTION, &Connection::on_body);
    set(CURLOPT_WRITEDATA, &transfer);
    set(CURLOPT_HEADERFUNCTION, &Connection::on_header);
    set(CURLOPT_HEADERDATA, &transfer);
    if (request.may_continue) {
        set(CURLOPT_NOPROGRESS, 0L);
        set(CURLOPT_XFERINFOFUNCTION, &Connection::on_progress);
        set(CURLOPT_XFERINFODATA, &transfer);
    }
    set_transport_options();
    set_range_options(request);
}

void Connection::set_range_options(const TransferRequest& request) {
    headers_.reset();
    const auto add = [this](const std::string& header) {
        headers_.reset(curl_slist_append(headers_.release(), header.c_str()));
    };
    if (request.packed)
        set(CURLOPT_ACCEPT_ENCODING, "gzip");
    else
        add("Accept-Encoding: identity");  // its bytes are hashed as they come
    if (request.from > 0) set(CURLOPT_RANGE, (std::to_string(request.from) + '-').c_str());
    if (request.from > 0 && !request.if_range.empty()) add("If-Range: " + request.if_range);
    if (headers_) set(CURLOPT_HTTPHEADER, headers_.get());
}

/// Reads from a folder (file://) instead of a server.
Connection::Outcome Connection::read_local(const TransferRequest& request, const BodyHandler& handle) {
    auto base = options_.base_url;
    while (base.ends_with('/')) base.pop_back();
    Outcome out;
    out.response.status = request.from > 0 ? 206 : 200;
    if (request.from > 0) out.response.range_start = request.from;
    const auto read = read_below(folder_of_url(base), std::string_view(request.url).substr(base.size() + 1),
                                 request.from, [&](std::string_view piece) {
                                     received_ += piece.size();
                                     return handle(out.response, piece);
                                 });
    if (read.end == LocalEnd::absent) out.response.status = 404;
    if (read.end == LocalEnd::stopped) out.ending = Ending::stopped;
    if (read.end == LocalEnd::broken) out.ending = Ending::broken;
    out.why = read.why;
    return out;
}

Connection::Outcome Connection::transfer(const TransferRequest& request, const BodyHandler& handle) {
    if (request.url.starts_with("file://")) return read_local(request, handle);
    Transfer transfer{*this, handle, {}, request};
    transfer.packed = request.packed;
    set_options(request, transfer);
    const auto code = curl_easy_perform(easy_.get());
    count_received(transfer);
    Outcome out;
    out.response = transfer.response;
    curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &out.response.status);
    if (transfer.page)
        throw ConnectionError(FetchFault::sign_in_page, not_fetched(request.url),
                              "the server sent a web page; this network requires a sign-in first (captive "
                              "portal), or the address is wrong");
    if (transfer.encoded)
        throw ConnectionError(
            FetchFault::encoded, not_fetched(request.url),
            "the server compresses it (Content-Encoding: " + transfer.response.encoding +
                ") although it was asked for as it is; switch compression off for the channel's "
                "files on that server, or on the proxy before it");
    if (code == CURLE_OK) return out;
    out.ending = transfer.stopped ? Ending::stopped : Ending::broken;
    out.why = without_login(error_text_[0] ? error_text_.data() : curl_easy_strerror(code));
    out.too_slow = code == CURLE_OPERATION_TIMEDOUT;
    return out;
}

std::string Connection::redirect_target(const std::string& from) const {
    char* location = nullptr;
    curl_easy_getinfo(easy_.get(), CURLINFO_REDIRECT_URL, &location);
    std::string to = location ? location : "";
    const auto a = origin_of(from), b = origin_of(to);
    const bool same = a.scheme == b.scheme && a.port == b.port;
    const bool safer = a.scheme == "http" && b.scheme == "https";
    if (to.empty() || a.host != b.host || (!same && !safer))
        throw ConnectionError(
            FetchFault::redirect, not_fetched(from),
            "the server redirects to '" + without_login(to.substr(0, 200)) +
                "', which is not followed: only redirects within the same host are, and never from https to "
                "http. If the channel has moved, change its address in the settings");
    return to;
}

Connection::Outcome Connection::run(TransferRequest request, const BodyHandler& handle) {
    for (int hops = 0; hops < 4; ++hops) {
        auto out = transfer(request, handle);
        const auto status = out.response.status;
        const bool moved = status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
        if (!moved || out.ending != Ending::complete) return out;
        request.url = redirect_target(request.url);
    }
    throw ConnectionError(FetchFault::redirect_loop, not_fetched(request.url),
                          "too many redirects; correct the server's redirects");
}

}  // namespace riverlight::content
