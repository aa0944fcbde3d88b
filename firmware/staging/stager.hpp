#pragma once
#include <boost/asio/io_context.hpp>
#include <functional>
#include <future>
#include <memory>
#include <string>

#include "content/store/content_set.hpp"
#include "firmware/clock/timekeeper.hpp"
#include "firmware/journal/journal.hpp"
#include "firmware/outlet/programme.hpp"

namespace riverlight::firmware {

struct StagingSetup {
    std::string place;     ///< the board's
    bool factory = false;  ///< the store is a factory loop: its media are hashed before they air
    std::string
        factory_place;   ///< whose schedule a factory loop follows if it does not know `place`; may be empty
    std::string outlet;  ///< of the records that acknowledge withdrawals; may be empty
    content::KeptRelease release = content::KeptRelease::current;  ///< of the store, to play
    bool any_place = false;  ///< a factory loop that knows neither follows the first schedule of its places
};

/// Turns releases of a store into the programme on air: finds the place and its schedule, and acknowledges
/// withdrawn clearances in the journal. If the current release cannot be staged, the board returns to the
/// last good one; if neither can, the programme stays as it is. fault() says why. Owner: the daemon's loop
/// thread; load_factory_loop() hashes on a thread of its own.
class ProgrammeStager {
  public:
    using OnStaged = std::function<void(const std::shared_ptr<const Programme>&)>;
    /// `time` and `journal` must outlive the stager; so must `loop`. `on_staged` is called with each new
    /// programme.
    ProgrammeStager(boost::asio::io_context& loop, content::Store store, StagingSetup setup, Timekeeper& time,
                    Journal& journal, OnStaged on_staged);
    ~ProgrammeStager();  ///< waits for the hashing to end
    ProgrammeStager(const ProgrammeStager&) = delete;

    /// Stages the store's release, if it has one, else the last good one. What is on air stays if it is the
    /// current release itself that can no longer be read.
    void load_current();
    /// Hashes the factory loop's media, then stages it on the loop's thread. Call it once.
    void load_factory_loop();
    /// Stages a release that is loaded; false if it cannot be staged.
    bool stage(content::ContentSet loaded);

    [[nodiscard]] const std::shared_ptr<const Programme>& programme() const { return programme_; }
    /// Why the current release could not be staged, for people; empty if it could.
    [[nodiscard]] const std::string& fault() const { return fault_; }

  private:
    [[nodiscard]] std::shared_ptr<const Programme> make_programme(content::ContentSet loaded) const;
    [[nodiscard]] const content::Place& find_place(const content::ContentSet& content) const;
    void acknowledge_withdrawals(const Programme& before, const Programme& after);
    void return_to_last_good();
    void report_fault(const std::string& why);

    boost::asio::io_context& loop_;
    content::Store store_;
    StagingSetup setup_;
    Timekeeper& time_;
    Journal& journal_;
    OnStaged on_staged_;
    std::shared_ptr<const Programme>
        programme_;  // shared with outlets, which keep the former one until its end
    std::string fault_;
    std::future<void> hashing_;
};

}  // namespace riverlight::firmware
