#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "content/base/instant.hpp"

/// The board's HTTP client for its office, over libcurl: one request at a time.
namespace riverlight::firmware {

struct OfficeRequest {
    std::string method;  ///< PUT or POST
    std::string path;    ///< begins with `/`
    std::string body;
    std::vector<std::string> headers;  ///< `Name: value`
};

struct OfficeAnswer {
    long status = 0;  ///< HTTP status; 0: no answer came
    std::string body;
    std::optional<std::chrono::seconds> retry_after;  ///< RFC 9110, section 10.2.3, both its forms
    std::optional<Instant> date;  ///< of its header Date: the office's time, to the second
    std::string fault;            ///< why no answer came, a sentence; never contains a body or a header
};

/// Keeps its connection open between requests. Owner: one thread; only cancel() may be called from others.
class OfficeConnection {
  public:
    /// `url` is the office's base; `ca_file` a private CA, empty for the system's. `now` gives the board's
    /// own time on send()'s thread: certificates are checked against it, whatever the system's clock says.
    /// Without `now` they are checked against the system's clock.
    OfficeConnection(std::string url, std::string ca_file, std::function<Instant()> now = {});
    ~OfficeConnection();
    /// Blocks, at most 60 s, or about a second after cancel(). Redirects are not followed: what is signed for
    /// one office goes to no other. An answer longer than 64 KiB is a fault.
    [[nodiscard]] OfficeAnswer send(const OfficeRequest& request);
    /// From any thread: the request under way ends with a fault, and so does every later one.
    void cancel();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace riverlight::firmware
