#include "tools/upload/s3_destination.hpp"

#include <cstdlib>
#include <filesystem>

#include "content/base/crypto.hpp"
#include "content/base/plain_text.hpp"
#include "content/channel/metadata.hpp"
#include "tools/publisher/tree.hpp"
#include "tools/upload/transfer.hpp"

namespace riverlight::upload {
namespace {

constexpr auto default_region = "us-east-1";

std::string variable(const char* name) {
    const char* given = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): no thread changes it
    return given ? given : "";
}

/// What the environment says of the provider: the names that Amazon's own tools use.
struct Account {
    std::string key_id = variable("AWS_ACCESS_KEY_ID"), secret = variable("AWS_SECRET_ACCESS_KEY"),
                token = variable("AWS_SESSION_TOKEN"), region = variable("AWS_REGION"),
                endpoint = variable("AWS_ENDPOINT_URL"), ca_file = variable("AWS_CA_BUNDLE");
};

/// The text of `<Code>` or `<Message>` in an answer (Amazon S3 API reference, *Error responses*).
std::string element(const std::string& xml, const std::string& name) {
    const auto begin = xml.find('<' + name + '>');
    const auto end = xml.find("</" + name + '>', begin == xml.npos ? 0 : begin);
    if (begin == xml.npos || end == xml.npos) return {};
    const auto from = begin + name.size() + 2;
    return plain_text(xml.substr(from, end - from), 300);
}

class S3Destination : public Destination {
  public:
    S3Destination(const std::string& address, Account account)
        : address_(address),
          account_(std::move(account)),
          transfer_([this](CURL* easy) { configure(easy); }) {
        const auto rest = address.substr(5);
        const auto slash = rest.find('/');
        const auto bucket = rest.substr(0, slash);
        auto prefix = slash == rest.npos ? std::string{} : rest.substr(slash + 1);
        while (!prefix.empty() && prefix.back() == '/') prefix.pop_back();
        if (bucket.empty())
            throw UploadError(UploadFault::address, address, "names no bucket: write s3://BUCKET/PREFIX");
        if (account_.region.empty()) account_.region = default_region;
        while (!account_.endpoint.empty() && account_.endpoint.back() == '/') account_.endpoint.pop_back();
        base_ = account_.endpoint.empty() ? "https://" + bucket + ".s3." + account_.region + ".amazonaws.com/"
                                          : account_.endpoint + '/' + content::percent_encoded(bucket) + '/';
        if (!prefix.empty()) base_ += content::percent_encoded(prefix, "/") + '/';
    }

    [[nodiscard]] std::string name() const override { return base_; }

    void put(const Upload& upload) override {
        const auto sha256 =
            upload.bytes.empty() ? publisher::sha256_of_file(upload.file) : sha256_hex(upload.bytes);
        Outgoing outgoing{base_ + content::percent_encoded(upload.path, "/"), &upload, {}, {}, {}, false};
        outgoing.headers = {"x-amz-content-sha256: " + sha256,
                            std::string("Content-Type: ") + upload.media_type(),
                            std::string("Cache-Control: ") + upload.cache_control()};
        check(send(std::move(outgoing)), upload.path);
    }

    void remove(const std::string& path) override {
        Outgoing outgoing{base_ + content::percent_encoded(path, "/"), nullptr, {}, {}, {}, true};
        outgoing.headers = {"x-amz-content-sha256: " + sha256_hex("")};
        const auto result = send(std::move(outgoing));
        if (result.status != 404) check(result, path);
    }

  private:
    void configure(CURL* easy) const {
        const auto provider = "aws:amz:" + account_.region + ":s3";
        curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
        curl_easy_setopt(easy, CURLOPT_AWS_SIGV4, provider.c_str());
        curl_easy_setopt(easy, CURLOPT_USERNAME, account_.key_id.c_str());
        curl_easy_setopt(easy, CURLOPT_PASSWORD, account_.secret.c_str());
        if (!account_.ca_file.empty()) curl_easy_setopt(easy, CURLOPT_CAINFO, account_.ca_file.c_str());
    }

    TransferResult send(Outgoing outgoing) {
        if (!account_.token.empty()) outgoing.headers.push_back("x-amz-security-token: " + account_.token);
        return send_with_retries([&] { return transfer_.send(outgoing); });
    }

    void check(const TransferResult& result, const std::string& path) const {
        if (!result.why.empty())
            throw UploadError(UploadFault::unreachable, address_ + '/' + path,
                              "was not sent: " + result.why + "; check the network and AWS_ENDPOINT_URL");
        if (result.status >= 200 && result.status < 300) return;
        const auto code = element(result.answer, "Code"), words = element(result.answer, "Message");
        const bool about_key = result.status == 401 || code == "InvalidAccessKeyId" ||
                               code == "SignatureDoesNotMatch" || code == "AccessDenied";
        throw UploadError(about_key ? UploadFault::credentials : UploadFault::refused, address_ + '/' + path,
                          "the server answers " + std::to_string(result.status) +
                              (code.empty() ? "" : " " + code) + (words.empty() ? "" : ": " + words) +
                              (about_key ? "; check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION and "
                                           "this machine's clock"
                                         : "; check the bucket's name and what the key may do there"));
    }

    std::string address_;
    Account account_;
    std::string base_;  ///< URL, ends with `/`
    Transfer transfer_;
};

}  // namespace

std::unique_ptr<Destination> open_s3(const std::string& address) {
    Account account;
    if (account.key_id.empty() || account.secret.empty())
        throw UploadError(UploadFault::credentials, address,
                          "needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment");
    return std::make_unique<S3Destination>(address, std::move(account));
}

}  // namespace riverlight::upload
