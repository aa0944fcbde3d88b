#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <memory>
#include <string>

#include "content/store/content_set.hpp"
#include "firmware/clock/timekeeper.hpp"
#include "firmware/journal/journal.hpp"
#include "firmware/outlet/programme.hpp"
#include "firmware/staging/read_release.hpp"

namespace riverlight::firmware {

/// Turns releases of a store into the programme on air, and acknowledges withdrawn clearances in the journal.
/// If the current release cannot be played, the board returns to the last good one; if neither can, the
/// programme stays as it is. fault() says why. Owner: the daemon's loop thread. Files are read on a thread of
/// its own, but for load_current().
class ProgrammeStager {
  public:
    using OnStaged = std::function<void(const std::shared_ptr<const Programme>&)>;
    /// `time` and `journal` must outlive the stager; so must `loop`. `on_staged` is called with each new
    /// programme.
    ProgrammeStager(boost::asio::io_context& loop, content::Store store, StagingSetup setup, Timekeeper& time,
                    Journal& journal, OnStaged on_staged);
    ~ProgrammeStager();  ///< waits for what is being read
    ProgrammeStager(const ProgrammeStager&) = delete;

    /// Reads the store's release and puts it on air before it returns: at the start, when no loop runs yet.
    void load_current();
    /// Reads it beside the loop, and puts it on air from the loop.
    void read_current();
    /// Hashes the factory loop's media beside the loop, then puts it on air from the loop. Call it once.
    void load_factory_loop();
    /// Puts a release that is loaded on air; false if it cannot be played.
    bool stage(content::ContentSet loaded);
    /// A release was asked for and is not on air yet.
    [[nodiscard]] bool is_reading() const { return *reading_ > 0; }

    [[nodiscard]] const std::shared_ptr<const Programme>& programme() const { return programme_; }
    /// Why the current release could not be staged, for people; empty if it could.
    [[nodiscard]] const std::string& fault() const { return fault_; }

  private:
    void read_aside(std::function<ReadRelease()> read);
    bool put_on_air(ReadRelease read);
    [[nodiscard]] std::string on_air() const;
    void acknowledge_withdrawals(const Programme& before, const Programme& after);
    void report_fault(const std::string& fault);

    boost::asio::io_context& loop_;
    content::Store store_;
    StagingSetup setup_;
    Timekeeper& time_;
    Journal& journal_;
    OnStaged on_staged_;
    std::shared_ptr<const Programme>
        programme_;  // shared with outlets, which keep the former one until its end
    std::string fault_;
    std::shared_ptr<int> reading_;  // releases asked for; shared: what is posted to the loop may outlive this
    boost::asio::thread_pool thread_{1};
};

}  // namespace riverlight::firmware
