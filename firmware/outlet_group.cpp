#include "firmware/outlet_group.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cassert>
#include <filesystem>

#include "content/airing/time_fix.hpp"
#include "content/store/scrub.hpp"
#include "firmware/setup.hpp"

namespace riverlight::firmware {
namespace {

/// The next visit of the channel reads the file back, and fetches it again if it is damaged.
void report_damage(const std::string& store, const content::MediaDamage& damage) {
    spdlog::error("the media file {} is {}; it is read back and fetched again", damage.file,
                  to_text(damage.fault));
    try {
        content::scrub_first(store, damage.file);
    } catch (const Error& e) {  // a factory loop's store cannot be written
        spdlog::warn("{}", e.what());
    }
}

}  // namespace

OutletGroup::OutletGroup(boost::asio::io_context& loop, const Config& config, const std::string& folder,
                         const std::string& media, Journal& journal, Timekeeper& time,
                         std::function<void()> on_damage)
    : validator_(loop, validator_setup(config, media)) {
    assert(!config.outlets.empty() && "the settings name at least one");
    for (const auto& outlet : config.outlets) {
        auto setup = outlet_setup(config, outlet, folder, media);
        setup.is_refused = [this, profile = outlet.profile](const std::string& path) {
            return validator_.is_refused(profile, path);
        };
        setup.on_damage = [store = std::filesystem::path(media).parent_path().string(),
                           on_damage](const auto& damage) {
            report_damage(store, damage);
            on_damage();
        };
        // Updated on demand: an outlet must not plan with a value from before the clock was set.
        setup.in_service_since = [&time] {
            time.update_present_since();
            return time.present_since();
        };
        outlets_.push_back(
            std::make_unique<OutletRunner>(loop, std::move(setup), journal, [&time] { return time.read(); }));
    }
}

void OutletGroup::play(const std::shared_ptr<const Programme>& programme) {
    for (auto& outlet : outlets_) outlet->play(programme);
    if (programme) validator_.validate(*programme);
}

void OutletGroup::show(const ScreenNotice& notice) {
    for (auto& outlet : outlets_) outlet->show({notice.text, notice.locale});
}

void OutletGroup::stop() {
    for (auto& outlet : outlets_) outlet->stop();
}

std::vector<OutletView> OutletGroup::views() const {
    std::vector<OutletView> views;
    for (const auto& outlet : outlets_) views.push_back(outlet->view());
    return views;
}

std::vector<OutletProgress> OutletGroup::progress() const {
    std::vector<OutletProgress> progress;
    for (const auto& outlet : outlets_) {
        const auto view = outlet->view();
        progress.push_back({view.frames, view.closed});
    }
    return progress;
}

bool OutletGroup::on_air_needs_time_fix() const {
    return std::any_of(outlets_.begin(), outlets_.end(), [](const auto& outlet) {
        const auto view = outlet->view();
        return view.on_air && content::needs_time_fix(*view.on_air);
    });
}

std::set<std::string> OutletGroup::media_in_use() const {
    std::set<std::string> names;
    for (const auto& outlet : outlets_) names.merge(outlet->media());
    return names;
}

bool OutletGroup::is_planning() const {
    return std::any_of(outlets_.begin(), outlets_.end(),
                       [](const auto& outlet) { return outlet->is_planning(); });
}

std::vector<OutletFiles> OutletGroup::files() const {
    std::vector<OutletFiles> files;
    for (const auto& outlet : outlets_) {
        const auto view = outlet->view();
        files.push_back({view.id, view.snapshot, view.hls});
    }
    return files;
}

}  // namespace riverlight::firmware
