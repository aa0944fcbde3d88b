#include "firmware/outlet/plan_maker.hpp"

#include <boost/asio/post.hpp>
#include <cassert>
#include <utility>

#include "content/base/priority.hpp"

namespace riverlight::firmware {

namespace asio = boost::asio;

PlanMaker::PlanMaker(asio::io_context& loop, std::function<void(MadePlan)> on_made)
    : loop_(loop), on_made_(std::move(on_made)), waiting_(std::make_shared<int>(0)) {
    assert(on_made_);
    asio::post(thread_, give_way_to_players);
}

PlanMaker::~PlanMaker() {
    thread_.stop();
    thread_.join();
}

void PlanMaker::make(PlanRequest request) {
    ++*waiting_;
    asio::post(thread_, [this, alive = std::weak_ptr(waiting_), request = std::move(request)] {
        // The request and its answer are handed over whole: nothing is shared but the programme, which no one
        // changes.
        asio::post(loop_, [this, alive, made = make_plan(request)]() mutable {
            const auto waiting = alive.lock();
            if (!waiting) return;
            --*waiting;
            on_made_(std::move(made));
        });
    });
}

}  // namespace riverlight::firmware
