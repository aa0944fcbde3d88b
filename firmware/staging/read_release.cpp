#include "firmware/staging/read_release.hpp"

#include <spdlog/spdlog.h>

#include <cassert>
#include <utility>

#include "firmware/staging/playable.hpp"

namespace riverlight::firmware {
namespace {

using content::KeptRelease;

const content::Place& find_place(const StagingSetup& setup, const content::ContentSet& content) {
    if (const auto* place = content.catalogue.place(setup.place)) return *place;
    if (!setup.factory)
        throw Error("the channel has no place '" + setup.place +
                    "'; correct [place] id, or have the country's coordinator add it");
    if (const auto* place = content.catalogue.place(setup.factory_place)) return *place;
    for (const auto& [code, country] : content.catalogue.countries)
        for (const auto& place : country.places)
            if (setup.any_place && content.schedules.contains(place.schedule)) return place;
    throw Error("it has no place '" + setup.place +
                "'; correct [place] id, or have the country's coordinator add it, or name one as [factory] "
                "place");
}

std::string fault_of(const StagingSetup& setup, const std::string& why) {
    return setup.factory ? "The factory loop cannot be played: " + why + '.' : why;
}

ReadRelease read_kept(const content::Store& store, const StagingSetup& setup, KeptRelease which) {
    try {
        auto loaded = store.load(which);
        return loaded ? make_programme(setup, std::move(*loaded)) : ReadRelease{};
    } catch (const std::exception& e) {
        return {.programme = nullptr, .signed_until = {}, .fault = fault_of(setup, e.what())};
    }
}

/// The last good release has something to give that is not on air.
bool may_return(const content::Store& store, const std::string& on_air) {
    const content::StoreLayout layout{store.root()};
    const auto current = content::find_release(layout, KeptRelease::current);
    const auto good = content::find_release(layout, KeptRelease::last_good);
    if (!good) return false;
    return on_air.empty() || (current && on_air != current->release && on_air != good->release);
}

}  // namespace

ReadRelease make_programme(const StagingSetup& setup, content::ContentSet loaded) {
    ReadRelease read{.programme = nullptr, .signed_until = loaded.signed_until, .fault = {}};
    try {
        const auto& place = find_place(setup, loaded);
        auto programme = std::make_shared<Programme>();
        programme->schedule = read_place_schedule(loaded.schedules, place);
        programme->place = place;
        programme->content = std::make_shared<const content::ContentSet>(std::move(loaded));
        read.programme = std::move(programme);
    } catch (const std::exception& e) {
        read.fault = fault_of(setup, e.what());
    }
    return read;
}

ReadRelease read_to_play(const content::Store& store, const StagingSetup& setup, const std::string& on_air) {
    auto read = read_kept(store, setup, setup.release);
    if (read.programme || setup.release != KeptRelease::current || !may_return(store, on_air)) return read;
    auto good = read_kept(store, setup, KeptRelease::last_good);
    if (!good.fault.empty()) spdlog::error("the last good release cannot be played either: {}", good.fault);
    if (!good.programme && good.fault.empty()) return read;
    good.fault = read.fault.empty() ? "the store has lost its current release; the next visit restores it"
                                    : read.fault;
    return good;
}

ReadRelease read_factory_loop(const content::Store& store, const StagingSetup& setup) {
    assert(setup.factory);
    try {
        if (auto loaded = store.load_whole()) return make_programme(setup, std::move(*loaded));
        throw Error(store.root() + " has no release; make it again");
    } catch (const std::exception& e) {
        return {.programme = nullptr, .signed_until = {}, .fault = fault_of(setup, e.what())};
    }
}

}  // namespace riverlight::firmware
