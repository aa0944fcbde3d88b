#pragma once
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "firmware/clock/timekeeper.hpp"
#include "firmware/config/config.hpp"
#include "firmware/journal/journal.hpp"
#include "firmware/outlet/outlet_runner.hpp"
#include "firmware/outlet/rendition_checker.hpp"
#include "firmware/start/stability.hpp"
#include "firmware/status/routes.hpp"
#include "firmware/stick/screen_notice.hpp"

namespace riverlight::firmware {

/// All outlets of a board, and the validator of their renditions. Owner: the daemon's loop thread.
class OutletGroup {
  public:
    /// Makes the outlets; their players start with play(). `folder`: where players keep their files; `media`:
    /// what they may read; `on_damage` is called after a player found one of them damaged, from the loop.
    /// `loop`, `journal` and `time` must outlive the group.
    OutletGroup(boost::asio::io_context& loop, const Config& config, const std::string& folder,
                const std::string& media, Journal& journal, Timekeeper& time,
                std::function<void()> on_damage);

    /// Puts a programme on every outlet; null: only the slate.
    void play(const std::shared_ptr<const Programme>& programme);
    /// Shows a notice on screens; an empty text removes it.
    void show(const ScreenNotice& notice);
    /// Ends the players in order, within 700 ms.
    void stop();

    [[nodiscard]] std::vector<OutletView> views() const;
    [[nodiscard]] std::vector<OutletProgress> progress() const;
    /// Whether an airing on air was started while the time was not known.
    [[nodiscard]] bool on_air_needs_time_fix() const;
    /// Names of media files that players have open or are about to open.
    [[nodiscard]] std::set<std::string> media_in_use() const;
    /// A plan is being made, on a thread of its own.
    [[nodiscard]] bool is_planning() const;
    /// A sentence for each rendition that a feed cannot use.
    [[nodiscard]] std::vector<std::string> rendition_faults() const { return validator_.complaints(); }
    [[nodiscard]] std::vector<OutletFiles> files() const;

  private:
    RenditionChecker validator_;  // outlets ask it: it must outlive them
    std::vector<std::unique_ptr<OutletRunner>> outlets_;
};

}  // namespace riverlight::firmware
