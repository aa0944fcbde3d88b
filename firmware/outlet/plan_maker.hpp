#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <memory>

#include "firmware/outlet/plan_request.hpp"

namespace riverlight::firmware {

/// Makes plans on a thread of its own, one behind the other, so that the loop is never away for long. Used on
/// the loop's thread.
class PlanMaker {
  public:
    /// `on_made` is called on the loop with each plan, but not after this object's end. `loop` outlives this.
    PlanMaker(boost::asio::io_context& loop, std::function<void(MadePlan)> on_made);
    ~PlanMaker();  ///< waits for the plan that is being made
    PlanMaker(const PlanMaker&) = delete;
    PlanMaker& operator=(const PlanMaker&) = delete;

    void make(PlanRequest request);
    /// A plan was asked for and is not there yet.
    [[nodiscard]] bool is_busy() const { return *waiting_ > 0; }

  private:
    boost::asio::io_context& loop_;
    std::function<void(MadePlan)> on_made_;
    std::shared_ptr<int> waiting_;  ///< plans asked for; shared: what is posted to the loop may outlive this
    boost::asio::thread_pool thread_{1};
};

}  // namespace riverlight::firmware
