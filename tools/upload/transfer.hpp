#pragma once
#include <curl/curl.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tools/upload/destination.hpp"

namespace riverlight::upload {

/// One request to a server.
struct Outgoing {
    std::string url;
    const Upload* body = nullptr;      ///< null: none
    std::vector<std::string> headers;  ///< HTTP: `Name: value`
    std::vector<std::string> before;   ///< SFTP: commands at first
    std::vector<std::string> after;    ///< SFTP: commands once the file is there
    bool removes = false;              ///< HTTP: DELETE
};

struct TransferResult {
    CURLcode code = CURLE_OK;
    long status = 0;     ///< HTTP
    std::string answer;  ///< its first 16 KiB
    std::string why;     ///< libcurl's words; empty: it was sent
};

/// Sends requests over one connection, which stays open. For one thread.
class Transfer {
  public:
    /// `configure` sets what is the same for all requests.
    explicit Transfer(std::function<void(CURL*)> configure);
    /// Throws UploadError (vanished) if the body's file cannot be read. All other faults are in the result.
    [[nodiscard]] TransferResult send(const Outgoing& outgoing);

  private:
    struct Free {
        void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
        void operator()(curl_slist* list) const { curl_slist_free_all(list); }
    };
    using List = std::unique_ptr<curl_slist, Free>;
    [[nodiscard]] static List list_of(const std::vector<std::string>& lines);

    std::function<void(CURL*)> configure_;
    std::unique_ptr<CURL, Free> easy_;
};

/// A server that is busy or does not answer may answer a second later. Calls `send` up to three times.
[[nodiscard]] TransferResult send_with_retries(const std::function<TransferResult()>& send);

}  // namespace riverlight::upload
