#include "tools/upload/transfer.hpp"

#include <array>
#include <cstdio>
#include <thread>

namespace riverlight::upload {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t longest_answer = 16U << 10;
constexpr long low_speed_bytes = 64, low_speed_s = 60, connect_s = 20;

/// The bytes of an upload, as libcurl asks for them.
struct BodySource {
    const Upload* upload = nullptr;
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> file{nullptr, &std::fclose};
    std::size_t at = 0;
    std::uint64_t size = 0;
};

std::size_t read_body(char* out, std::size_t, std::size_t room, void* from) {
    auto& source = *static_cast<BodySource*>(from);
    if (source.file) {
        const auto count = std::fread(out, 1, room, source.file.get());
        return count == 0 && std::ferror(source.file.get()) ? CURL_READFUNC_ABORT : count;
    }
    const auto count = source.upload->bytes.copy(out, room, source.at);
    source.at += count;
    return count;
}

/// libcurl reads a body again if the server closed the connection before it took it.
int seek_body(void* from, curl_off_t offset, int origin) {
    auto& source = *static_cast<BodySource*>(from);
    if (origin != SEEK_SET) return CURL_SEEKFUNC_CANTSEEK;
    if (source.file && ::fseeko(source.file.get(), offset, SEEK_SET) != 0) return CURL_SEEKFUNC_FAIL;
    source.at = static_cast<std::size_t>(offset);
    return CURL_SEEKFUNC_OK;
}

std::size_t keep_answer(const char* data, std::size_t, std::size_t count, void* into) {
    auto& answer = *static_cast<std::string*>(into);
    answer.append(data, std::min(count, longest_answer - std::min(answer.size(), longest_answer)));
    return count;
}

BodySource source_of(const Upload& upload) {
    BodySource source;
    source.upload = &upload;
    source.size = upload.bytes.size();
    if (!upload.bytes.empty()) return source;
    source.file.reset(std::fopen(upload.file.c_str(), "rbe"));
    if (!source.file || ::fseeko(source.file.get(), 0, SEEK_END) != 0)
        throw UploadError(UploadFault::vanished, upload.file,
                          "cannot be read; if another command removed it meanwhile, upload again");
    source.size = static_cast<std::uint64_t>(::ftello(source.file.get()));
    std::rewind(source.file.get());
    return source;
}

}  // namespace

Transfer::Transfer(std::function<void(CURL*)> configure) : configure_(std::move(configure)) {
    static const auto started = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (started == CURLE_OK) easy_.reset(curl_easy_init());
    if (!easy_) throw Error("libcurl cannot be initialised; reinstall libcurl4");
}

Transfer::List Transfer::list_of(const std::vector<std::string>& lines) {
    List list;
    for (const auto& line : lines) {
        auto* longer = curl_slist_append(list.get(), line.c_str());
        if (!longer) throw Error("libcurl has no memory for a transfer");
        static_cast<void>(list.release());
        list.reset(longer);
    }
    return list;
}

TransferResult Transfer::send(const Outgoing& outgoing) {
    auto* easy = easy_.get();
    curl_easy_reset(easy);
    TransferResult result;
    std::array<char, CURL_ERROR_SIZE> words{};
    BodySource source;
    const auto headers = list_of(outgoing.headers), before = list_of(outgoing.before),
               after = list_of(outgoing.after);
    curl_easy_setopt(easy, CURLOPT_URL, outgoing.url.c_str());
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, words.data());
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, connect_s);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, low_speed_bytes);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, low_speed_s);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &keep_answer);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &result.answer);
    if (headers) curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers.get());
    if (before) curl_easy_setopt(easy, CURLOPT_QUOTE, before.get());
    if (after) curl_easy_setopt(easy, CURLOPT_POSTQUOTE, after.get());
    if (outgoing.removes) curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, "DELETE");
    if (!outgoing.body && !outgoing.removes) curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    if (outgoing.body) {
        source = source_of(*outgoing.body);
        curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
        curl_easy_setopt(easy, CURLOPT_READFUNCTION, &read_body);
        curl_easy_setopt(easy, CURLOPT_READDATA, &source);
        curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, &seek_body);
        curl_easy_setopt(easy, CURLOPT_SEEKDATA, &source);
        curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(source.size));
    }
    configure_(easy);
    result.code = curl_easy_perform(easy);
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &result.status);
    if (result.code != CURLE_OK) result.why = words[0] ? words.data() : curl_easy_strerror(result.code);
    return result;
}

TransferResult send_with_retries(const std::function<TransferResult()>& send) {
    TransferResult result;
    for (const auto pause : {0s, 1s, 4s}) {
        std::this_thread::sleep_for(pause);
        result = send();
        const bool busy = result.status == 429 || result.status >= 500;
        const bool broken = result.code != CURLE_OK && result.code != CURLE_LOGIN_DENIED &&
                            result.code != CURLE_PEER_FAILED_VERIFICATION &&
                            result.code != CURLE_QUOTE_ERROR && result.code != CURLE_REMOTE_ACCESS_DENIED;
        if (!busy && !broken) break;
    }
    return result;
}

}  // namespace riverlight::upload
