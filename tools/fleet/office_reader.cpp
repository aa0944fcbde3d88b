#include "tools/fleet/office_reader.hpp"

#include <curl/curl.h>

#include "content/base/error.hpp"
#include "content/base/json.hpp"

namespace riverlight::fleet {
namespace {

constexpr long longest_answer_s = 1800;  // an office may work out a day of ten thousand places
constexpr std::size_t longest_json = 256U << 20;

std::size_t on_data(const char* data, std::size_t, std::size_t count, void* into) {
    static_cast<std::string*>(into)->append(data, count);
    return count;
}

}  // namespace

struct OfficeReader::State {
    struct Free {
        void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
    };
    struct Answer {
        long status = 0;
        std::string body;
    };
    std::string url, form;
    std::unique_ptr<CURL, Free> easy{curl_easy_init()};

    /// A POST of `body`, or a GET where there is none. libcurl keeps the cookies.
    Answer send(const std::string& path, const std::string* body) {
        Answer answer;
        const auto where = url + path;
        auto* const e = easy.get();
        curl_easy_reset(e);
        curl_easy_setopt(e, CURLOPT_URL, where.c_str());
        curl_easy_setopt(e, CURLOPT_COOKIEFILE, "");
        curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(e, CURLOPT_TIMEOUT, longest_answer_s);
        curl_easy_setopt(e, CURLOPT_ACCEPT_ENCODING, "");
        curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, &on_data);
        curl_easy_setopt(e, CURLOPT_WRITEDATA, &answer.body);
        if (body) curl_easy_setopt(e, CURLOPT_POSTFIELDS, body->c_str());
        if (const auto code = curl_easy_perform(e); code != CURLE_OK)
            throw Error(where + ": " + curl_easy_strerror(code));
        curl_easy_getinfo(e, CURLINFO_RESPONSE_CODE, &answer.status);
        return answer;
    }
};

OfficeReader::OfficeReader(std::string url, std::string user, std::string password)
    : state_(std::make_unique<State>()) {
    if (!state_->easy) throw Error("libcurl has no memory for a transfer");
    state_->url = std::move(url);
    state_->form = "user=" + std::move(user) + "&password=" + std::move(password);
}
OfficeReader::~OfficeReader() = default;

std::string OfficeReader::get(const std::string& path) {
    auto answer = state_->send(path, nullptr);
    if (answer.status == 401 || answer.status == 303) {
        if (const auto in = state_->send("/sign-in", &state_->form); in.status != 303)
            throw Error(state_->url + "/sign-in: the office answered " + std::to_string(in.status));
        answer = state_->send(path, nullptr);
    }
    if (answer.status == 200) return std::move(answer.body);
    throw Error(state_->url + path + ": the office answered " + std::to_string(answer.status) + ' ' +
                answer.body.substr(0, 500));
}

boost::json::value OfficeReader::get_json(const std::string& path) {
    return parse_json(get(path), path, {longest_json, 16, 20'000'000});
}

}  // namespace riverlight::fleet
