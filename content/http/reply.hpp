#pragma once
#include <functional>
#include <memory>

#include "content/http/message.hpp"

namespace riverlight::http {

/// Where the answer to one request goes. May be called from any thread, as long as the server's loop is
/// there; copies are of the same request, and the first answer counts. A request whose last copy goes
/// without an answer gets a 500.
class Reply {
  public:
    /// `send` is called once, on the thread that answers.
    explicit Reply(std::function<void(Response)> send);
    void operator()(Response response) const;

  private:
    class Ticket;
    std::shared_ptr<Ticket> ticket_;  // shared by the copies
};

}  // namespace riverlight::http
