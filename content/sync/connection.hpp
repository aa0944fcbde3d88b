#pragma once
#include <curl/curl.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "content/sync/fetch.hpp"

/// Transfers over one libcurl handle, or from a folder. The only file of this room that uses libcurl.
namespace riverlight::content {

/// The parts of an HTTP response that matter here.
struct TransferResponse {
    long status = 0;        ///< of a folder (file://): 200, 206 or 404
    std::string etag;       ///< with its quotes; empty if there is none or a weak one
    bool web_page = false;  ///< its Content-Type is HTML, which a channel never is
    std::string encoding;   ///< Content-Encoding, in lower case; empty: none
    std::optional<std::uint64_t> range_start, range_total;  ///< of Content-Range
};

/// Receives a piece of the body. Returns false to stop the transfer.
using BodyHandler = std::function<bool(const TransferResponse& response, std::string_view piece)>;

struct TransferRequest {
    std::string url;
    std::uint64_t from = 0;                         ///< > 0: only the bytes from this offset on
    std::string if_range{};                         ///< ETag that must still match for `from` to apply
    std::optional<std::chrono::seconds> timeout{};  ///< for the whole transfer; none: while bytes arrive
    bool packed = false;                            ///< the server may compress it (gzip)
    /// Asked about once a second, also while nothing arrives; false stops the transfer. Empty: never asked.
    std::function<bool()> may_continue{};
};

class Connection {
  public:
    explicit Connection(const FetchOptions& options);

    enum class Ending { complete, stopped, broken };
    struct Outcome {
        Ending ending = Ending::complete;  ///< stopped: by the handler; broken: by the network
        TransferResponse response;
        std::string why;        ///< libcurl's message if broken
        bool too_slow = false;  ///< broken because it was too slow or timed out
    };
    /// Performs one transfer and follows redirects within the same host. Only bodies of 200 and 206 reach
    /// `handle`, unpacked. Throws ConnectionError for a redirect to another host and for a web page; all
    /// other failures are in the outcome.
    Outcome run(TransferRequest request, const BodyHandler& handle);
    /// Bytes received so far, with headers, as they arrived (packed).
    [[nodiscard]] std::uint64_t received_bytes() const { return received_; }

  private:
    struct Close {
        void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
    };
    struct FreeList {
        void operator()(curl_slist* list) const { curl_slist_free_all(list); }
    };
    struct Transfer;

    template <class Value>
    void set(CURLoption option, Value value);
    void set_options(const TransferRequest& request, Transfer& transfer);
    void set_transport_options();
    void set_range_options(const TransferRequest& request);
    void count_received(Transfer& transfer);
    Outcome transfer(const TransferRequest& request, const BodyHandler& handle);
    Outcome read_local(const TransferRequest& request, const BodyHandler& handle);
    [[nodiscard]] std::string redirect_target(const std::string& from) const;

    // libcurl's callbacks; the last argument is what was set beside them.
    static std::size_t on_body(const char* data, std::size_t, std::size_t count, void* transfer);
    static std::size_t on_header(const char* data, std::size_t, std::size_t count, void* transfer);
    static int on_progress(void* transfer, curl_off_t, curl_off_t, curl_off_t, curl_off_t);
    static CURLcode on_tls(CURL* easy, void* context, void* connection);

    const FetchOptions options_;
    std::unique_ptr<CURL, Close> easy_;
    std::unique_ptr<curl_slist, FreeList> headers_;
    std::array<char, CURL_ERROR_SIZE> error_text_{};
    std::uint64_t received_ = 0;
};

}  // namespace riverlight::content
