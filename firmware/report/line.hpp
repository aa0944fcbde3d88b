#pragma once
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "content/base/instant.hpp"

/// One HTTP exchange after another with one office, over libcurl.
namespace riverlight::firmware {

struct Exchange {
    std::string method;  ///< PUT or POST
    std::string path;    ///< begins with `/`
    std::string body;
    std::vector<std::string> headers;  ///< `Name: value`
};

struct Answer {
    long status = 0;  ///< 0: none came
    std::string body;
    std::optional<std::chrono::seconds> retry_after;  ///< RFC 9110, section 10.2.3, both its forms
    std::string fault;  ///< why none came, a sentence; never holds a body or a header
};

/// Keeps its connection. Owner: one thread; `cancel` alone may be called from others.
class Line {
  public:
    /// `url` is the office's base; `ca_file` a private CA, empty for the system's. `now`, where given, is the
    /// board's own time, asked on send()'s thread: certificates are judged as of then, whatever the system's
    /// clock says.
    Line(std::string url, std::string ca_file, std::function<Instant()> now = {});
    ~Line();
    /// Blocks, at most 60 s, or about a second after cancel(). Redirects are not followed: what is signed
    /// for one office goes to no other. An answer longer than 64 KiB is a fault.
    [[nodiscard]] Answer send(const Exchange& exchange);
    /// From any thread: what is under way ends with a fault, and so does what follows.
    void cancel();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace riverlight::firmware
