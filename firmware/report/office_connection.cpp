#include "firmware/report/office_connection.hpp"

#include <curl/curl.h>
#include <openssl/ssl.h>

#include <array>
#include <atomic>

#include "content/base/error.hpp"

namespace riverlight::firmware {
namespace {

constexpr std::size_t longest_answer = 64U << 10;

struct EasyClose {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct ListFree {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using List = std::unique_ptr<curl_slist, ListFree>;

void add(List& list, const std::string& header) {
    auto* longer = curl_slist_append(list.get(), header.c_str());
    if (!longer) throw Error("libcurl has no memory for a header");
    static_cast<void>(list.release());
    list.reset(longer);
}

std::size_t on_data(const char* data, std::size_t, std::size_t count, void* into) {
    auto& body = *static_cast<std::string*>(into);
    if (body.size() + count > longest_answer) return 0;
    body.append(data, count);
    return count;
}

int on_progress(void* cancelled, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<std::atomic<bool>*>(cancelled)->load() ? 1 : 0;
}

/// libcurl's callback before a TLS handshake: certificates are checked against the board's own time. A board
/// may start in 1970 by the system's clock.
CURLcode on_tls(CURL*, void* context, void* now) {
    const auto at = (*static_cast<std::function<Instant()>*>(now))();
    X509_VERIFY_PARAM_set_time(SSL_CTX_get0_param(static_cast<SSL_CTX*>(context)),
                               std::chrono::system_clock::to_time_t(at));
    return CURLE_OK;
}

}  // namespace

struct OfficeConnection::State {
    std::string url, ca_file;
    std::function<Instant()> now;
    std::unique_ptr<CURL, EasyClose> easy;
    std::array<char, CURL_ERROR_SIZE> words{};
    std::atomic<bool> cancelled = false;

    template <class Value>
    void set(CURLoption option, Value value) {
        if (curl_easy_setopt(easy.get(), option, value) != CURLE_OK)
            throw Error("libcurl does not know an option that Riverlight needs; is it 7.88 or later?");
    }
};

OfficeConnection::OfficeConnection(std::string url, std::string ca_file, std::function<Instant()> now)
    : state_(std::make_unique<State>()) {
    static const auto started = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (started != CURLE_OK) throw Error("libcurl does not start; the system's libraries are damaged");
    while (url.ends_with('/')) url.pop_back();
    state_->url = std::move(url);
    state_->ca_file = std::move(ca_file);
    state_->now = std::move(now);
    state_->easy.reset(curl_easy_init());
    if (!state_->easy) throw Error("libcurl has no memory for a transfer");
}
OfficeConnection::~OfficeConnection() = default;

void OfficeConnection::cancel() {
    state_->cancelled = true;
}

OfficeAnswer OfficeConnection::send(const OfficeRequest& request) {
    auto& s = *state_;
    OfficeAnswer answer;
    List headers;
    for (const auto& header : request.headers) add(headers, header);
    add(headers, "Expect:");  // saves a round trip: bodies are small
    const auto where = s.url + request.path;
    curl_easy_reset(s.easy.get());
    s.words[0] = '\0';
    s.set(CURLOPT_URL, where.c_str());
    s.set(CURLOPT_ERRORBUFFER, s.words.data());
    s.set(CURLOPT_PROTOCOLS_STR, "http,https");
    s.set(CURLOPT_NOSIGNAL, 1L);
    s.set(CURLOPT_CONNECTTIMEOUT, 20L);
    s.set(CURLOPT_TIMEOUT, 60L);
    s.set(CURLOPT_USERAGENT, "riverlight/" RIVERLIGHT_VERSION);
    s.set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
    s.set(CURLOPT_POSTFIELDS, request.body.data());
    s.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    s.set(CURLOPT_HTTPHEADER, headers.get());
    s.set(CURLOPT_WRITEFUNCTION, &on_data);
    s.set(CURLOPT_WRITEDATA, &answer.body);
    s.set(CURLOPT_XFERINFOFUNCTION, &on_progress);
    s.set(CURLOPT_XFERINFODATA, &s.cancelled);
    s.set(CURLOPT_NOPROGRESS, 0L);
    if (!s.ca_file.empty()) s.set(CURLOPT_CAINFO, s.ca_file.c_str());
    if (s.now) {
        s.set(CURLOPT_SSL_CTX_FUNCTION, &on_tls);
        s.set(CURLOPT_SSL_CTX_DATA, &s.now);
    }
    const auto code = curl_easy_perform(s.easy.get());
    if (code != CURLE_OK) {
        answer.body.clear();
        answer.fault = s.url + ": " +
                       (code == CURLE_WRITE_ERROR ? "the answer is longer than 64 KiB"
                        : s.words[0]              ? s.words.data()
                                                  : curl_easy_strerror(code));
        return answer;
    }
    curl_easy_getinfo(s.easy.get(), CURLINFO_RESPONSE_CODE, &answer.status);
    curl_off_t after = 0;  // libcurl reads both forms of Retry-After
    if (curl_easy_getinfo(s.easy.get(), CURLINFO_RETRY_AFTER, &after) == CURLE_OK && after > 0)
        answer.retry_after = std::chrono::seconds(after);
    curl_header* date = nullptr;
    if (curl_easy_header(s.easy.get(), "Date", 0, CURLH_HEADER, -1, &date) == CURLHE_OK)
        if (const auto seconds = curl_getdate(date->value, nullptr); seconds > 0)
            answer.date = Instant{std::chrono::seconds(seconds)};
    return answer;
}

}  // namespace riverlight::firmware
