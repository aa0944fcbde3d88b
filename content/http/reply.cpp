#include "content/http/reply.hpp"

#include <atomic>
#include <utility>

namespace riverlight::http {

class Reply::Ticket {
  public:
    explicit Ticket(std::function<void(Response)> send) : send_(std::move(send)) {}
    Ticket(const Ticket&) = delete;
    Ticket& operator=(const Ticket&) = delete;
    Ticket(Ticket&&) = delete;
    Ticket& operator=(Ticket&&) = delete;
    ~Ticket() {
        try {
            answer(problem(500, "about:blank", "Internal error", "the request was not answered"));
        } catch (...) {  // out of memory: the client waits until it gives up
        }
    }
    /// What `send` holds is given up with the answer, not with the last copy.
    void answer(Response response) {
        if (answered_.exchange(true)) return;
        const auto send = std::exchange(send_, nullptr);
        send(std::move(response));
    }

  private:
    std::function<void(Response)> send_;
    std::atomic<bool> answered_ = false;
};

Reply::Reply(std::function<void(Response)> send) : ticket_(std::make_shared<Ticket>(std::move(send))) {}

void Reply::operator()(Response response) const {
    ticket_->answer(std::move(response));
}

}  // namespace riverlight::http
