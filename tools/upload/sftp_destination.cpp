#include "tools/upload/sftp_destination.hpp"

#include <cstdlib>

#include "content/base/plain_text.hpp"
#include "content/channel/metadata.hpp"
#include "tools/upload/transfer.hpp"

namespace riverlight::upload {
namespace {

/// A path in an SFTP command of libcurl: in quotes.
std::string quoted(const std::string& path) {
    return '"' + path + '"';
}

class SftpDestination : public Destination {
  public:
    SftpDestination(std::string address, const DestinationOptions& options)
        : address_(std::move(address)),
          key_(options.ssh_key),
          transfer_([this](CURL* easy) { configure(easy); }) {
        const auto slash = address_.find('/', scheme.size());
        const auto login = address_.substr(scheme.size(), slash - scheme.size());
        const auto at = login.find('@');
        if (at != login.npos && login.substr(0, at).find(':') != login.npos)
            throw UploadError(UploadFault::address, std::string(scheme) + "…",
                              "has a password in it; use a key (--ssh-key, or an agent)");
        if (slash == address_.npos || slash + 1 == address_.size() || login.empty() ||
            address_.find('"') != address_.npos)
            throw UploadError(UploadFault::address, address_, "is no sftp://USER@HOST/PATH");
        server_ = address_.substr(0, slash);
        folder_ = address_.substr(slash);
        while (folder_.size() > 1 && folder_.back() == '/') folder_.pop_back();
        const char* home = std::getenv("HOME");  // NOLINT(concurrency-mt-unsafe): no thread changes it
        known_hosts_ = std::string(home ? home : "") + "/.ssh/known_hosts";
    }

    [[nodiscard]] std::string name() const override { return server_ + folder_; }

    /// Under another name first. SFTP (version 3) cannot replace a file by renaming, so timestamp.json is
    /// gone for an instant; a board that asks just then visits again.
    void put(const Upload& upload) override {
        const auto to = folder_ + '/' + upload.path, staged = to + ".part";
        const Outgoing outgoing{server_ + content::percent_encoded(staged, "/"),
                                &upload,
                                {},
                                {},
                                {"*rm " + quoted(to), "rename " + quoted(staged) + ' ' + quoted(to)},
                                false};
        check(send_with_retries([&] { return transfer_.send(outgoing); }), upload.path);
    }

    void remove(const std::string& path) override {
        const Outgoing outgoing{server_ + content::percent_encoded(folder_, "/") + '/',
                                nullptr,
                                {},
                                {"*rm " + quoted(folder_ + '/' + path)},
                                {},
                                false};
        check(send_with_retries([&] { return transfer_.send(outgoing); }), path);
    }

  private:
    static constexpr std::string_view scheme = "sftp://";

    void configure(CURL* easy) const {
        curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "sftp");
        curl_easy_setopt(easy, CURLOPT_SSH_AUTH_TYPES, CURLSSH_AUTH_PUBLICKEY | CURLSSH_AUTH_AGENT);
        curl_easy_setopt(easy, CURLOPT_SSH_KNOWNHOSTS, known_hosts_.c_str());
        curl_easy_setopt(easy, CURLOPT_FTP_CREATE_MISSING_DIRS, static_cast<long>(CURLFTP_CREATE_DIR_RETRY));
        if (!key_.empty()) curl_easy_setopt(easy, CURLOPT_SSH_PRIVATE_KEYFILE, key_.c_str());
    }

    void check(const TransferResult& result, const std::string& path) const {
        if (result.code == CURLE_OK) return;
        const auto where = address_ + '/' + path, why = plain_text(result.why, 300);
        switch (result.code) {
            case CURLE_PEER_FAILED_VERIFICATION:
                throw UploadError(UploadFault::credentials, where,
                                  "the server's key is not the one in " + known_hosts_ +
                                      "; log in once with ssh and compare it, or ask its keeper");
            case CURLE_LOGIN_DENIED:
                throw UploadError(UploadFault::credentials, where,
                                  "the server refuses the login (" + why + "); name a key with --ssh-key");
            case CURLE_REMOTE_ACCESS_DENIED:
            case CURLE_QUOTE_ERROR:
            case CURLE_REMOTE_FILE_NOT_FOUND:
            case CURLE_UPLOAD_FAILED:
            case CURLE_REMOTE_DISK_FULL:
                throw UploadError(UploadFault::refused, where,
                                  "was not taken: " + why + "; check the folder, its rights and its room");
            default:
                throw UploadError(UploadFault::unreachable, where,
                                  "was not sent: " + why + "; check the host and the network");
        }
    }

    std::string address_, key_, server_, folder_, known_hosts_;
    Transfer transfer_;
};

}  // namespace

std::unique_ptr<Destination> open_sftp(const std::string& address, const DestinationOptions& options) {
    return std::make_unique<SftpDestination>(address, options);
}

}  // namespace riverlight::upload
