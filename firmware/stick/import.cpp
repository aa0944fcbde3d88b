#include "firmware/stick/import.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <optional>

#include "content/airing/batch.hpp"
#include "content/base/files.hpp"
#include "content/carry/stick.hpp"
#include "content/http/gzip.hpp"
#include "content/store/content_set.hpp"
#include "content/store/space.hpp"
#include "content/sync/sync.hpp"
#include "content/sync/system_image.hpp"
#include "firmware/follow/air_times.hpp"
#include "firmware/journal/journal.hpp"
#include "firmware/staging/playable.hpp"
#include "firmware/update/update_note.hpp"
#include "firmware/update/wave_choice.hpp"

namespace riverlight::firmware {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t chunk = 500;
constexpr std::uint64_t receipt_cap = 64U << 10;

/// Throws Error if the stick's filesystem is too damaged to tell, or has a link in the path.
bool exists_on_stick(const std::string& stick, const std::string& path) {
    content::refuse_links(stick, path);
    std::error_code ec;
    const bool found = fs::exists(path, ec);
    if (ec)
        throw Error("cannot look for " + path + ": " + ec.message() +
                    "; the stick's filesystem is damaged: copy the channel onto another stick");
    return found;
}

class Import {
  public:
    Import(const StickSetup& setup, content::UpdateTime clock, const ReportImport& report)
        : setup_(setup), clock_(clock), report_(report), stick_{setup.stick} {
        content::require_stick(setup.stick);
        if (fs::exists(setup.state + "/journal.db"))
            journal_ = Journal::beside_owner(setup.state + "/journal.db");
        if (fs::exists(setup.state + "/board.key"))
            key_.emplace(SigningKey::load(setup.state + "/board.key"));
    }

    StickResult run() {
        run_part("The office's receipt was not taken: ", [this] { import_receipt(); });
        run_part("The journal could not be put onto the stick: ", [this] { export_journal(); });
        run_part("The stick's channel was not taken: ", [this] { import_channel(); });
        run_part("The journal could not be put onto the stick: ", [this] { export_journal(); });
        if (exported_ > 0)
            add_sentence(std::to_string(exported_) + " airings are on the stick for the office.");
        result_.airings = exported_;
        return result_;
    }

  private:
    void add_sentence(const std::string& sentence) {
        if (result_.summary.find(sentence) != std::string::npos) return;
        result_.summary += (result_.summary.empty() ? "" : " ") + sentence;
    }

    template <class Work>
    void run_part(const std::string& failing, const Work& work) {
        try {
            work();
        } catch (const std::exception& e) {
            result_.failed = true;
            add_sentence(failing + e.what() + '.');
        }
    }

    void import_receipt() {
        if (!journal_) return;
        const auto known = journal_->state();
        const auto path = stick_.receipt(known.board, known.epoch);
        if (!exists_on_stick(setup_.stick, path)) return;
        const auto office = journal_->fact(content::journal_facts::office_key).value_or("");
        if (office.empty()) throw Error("this board is not enrolled with an office yet");
        const auto receipt = content::parse_receipt(read_file(path, receipt_cap), office);
        // A receipt older than the last one does not mean that the office lost records.
        if (receipt.held > known.receipted) journal_->accept_receipt(receipt);
        const auto receipted = journal_->state().receipted;
        result_.receipted = receipted;
        add_sentence("The office holds airings up to " + std::to_string(receipted) + '.');
    }

    /// A batch's file is named after the first seq of its chunk, so that a growing batch replaces itself.
    void export_journal() {
        if (!journal_) return;
        const auto known = journal_->state();
        if (known.last <= known.receipted) return;
        if (!key_) {
            add_sentence("This board has no key yet, so its journal stays here: enrol it with the office.");
            return;
        }
        report_("Putting the journal onto the stick.", {});
        const auto folder = stick_.journals(known.board, known.epoch);
        content::refuse_links(setup_.stick, folder);
        make_folder(folder);
        exported_ = 0;
        // The office has seen the records before; one that it could not accept is not sent again.
        const auto set_aside = journal_->fact(content::journal_facts::set_aside_records);
        const auto begin = set_aside ? known.receipted : known.receipted / chunk * chunk;
        for (auto from = begin + 1; from <= known.last; from += chunk) {
            content::Batch batch;
            batch.airings = journal_->read(from, chunk);
            std::erase_if(batch.airings, [&](const auto& r) { return r.seq >= from + chunk; });
            if (batch.airings.empty()) continue;
            batch.board = known.board;
            batch.epoch = known.epoch;
            batch.first = batch.airings.front().seq;
            batch.last = batch.airings.back().seq;
            batch.head = batch.airings.back().hash;
            write_batch_file(folder + '/' + std::to_string(from) + ".json.gz",
                             http::gzip(write_batch(batch, *key_)));
            exported_ += batch.last - std::max(batch.first, known.receipted + 1) + 1;
        }
    }

    void write_batch_file(const std::string& path, const std::string& bytes) const {
        content::refuse_links(setup_.stick, path);
        std::error_code ec;
        if (fs::file_size(path, ec) == bytes.size() && !ec && read_file(path, bytes.size()) == bytes) return;
        content::write_and_read_back(path, bytes);
    }

    /// Nothing if the board's system takes no updates.
    [[nodiscard]] std::optional<content::SystemImageRequest> image_request(
        const content::SyncOptions& options) const {
        const auto system = read_system_identity(setup_.system.os_release());
        if (!system) return {};
        WaveSubject subject{*system, {setup_.place, {}}, read_update_note(setup_.state).barred(), false};
        try {
            const auto release = content::Store(options.store_root).load();
            const auto* place = release ? release->catalogue.place(setup_.place) : nullptr;
            subject.tags_known = place != nullptr;
            if (place) subject.board.tags = place->tags;
        } catch (const Error&) {  // without tags the board is in fewer waves
        }
        return make_image_request(std::move(subject), [now = clock_.now] { return now; });
    }

    /// What the stick had for the board's system.
    void add_image(const content::SyncOptions& options, const content::ImageResult& image) {
        if (!options.image) return;
        if (image.trouble) {
            // Most sticks carry no bundle; one that is damaged, or gone by now, has failed.
            result_.failed = result_.failed || image.trouble->kind != content::ImageFault::unreachable ||
                             !exists_on_stick(setup_.stick, stick_.channel() + "/metadata/timestamp.json");
            add_sentence(
                "No new version of the board's system was taken from the stick: " + image.trouble->why + '.');
        } else if (taken_ && content::has_bundle({options.store_root}, *taken_)) {
            add_sentence("Version " + taken_->version.text() + " of the board's system is here.");
        }
    }

    void import_channel() {
        if (!exists_on_stick(setup_.stick, stick_.channel() + "/metadata/timestamp.json")) {
            add_sentence("There is no channel on the stick.");
            return;
        }
        report_("Reading the channel from the stick.", {});
        content::SyncOptions options;
        options.channel_url = content::url_of_folder(stick_.channel());
        options.store_root = setup_.state + "/store";
        options.trusted_root = setup_.trusted_root;
        options.place = setup_.place;
        if (setup_.quota > 0) options.quota = setup_.quota;
        options.lock_timeout = std::chrono::seconds(setup_.lock_seconds);
        options.air_times = [this](const content::Facts& facts) {
            return plan_air_times(facts, setup_.place, clock_.now);
        };
        options.require_playable = [this](const content::Facts& facts) {
            require_playable(facts, setup_.place, clock_.now);
        };
        options.image = image_request(options);
        if (options.image)
            options.image->choose = [this, choose = options.image->choose](const content::Waves& waves) {
                return taken_ = choose(waves);
            };
        std::optional<std::chrono::steady_clock::time_point> reported;
        const auto result = content::sync_channel(
            options, clock_, [&](const std::string&, std::uint64_t done, std::uint64_t total) {
                const auto now = std::chrono::steady_clock::now();
                if (reported && now - *reported < std::chrono::seconds(1)) return;
                reported = now;
                report_("Copying from the stick: " + content::format_size(done) + " of " +
                            content::format_size(total) + ". Please leave it in.",
                        total > 0 ? static_cast<int>(std::min(done, total) * 100 / total) : 100);
            });
        result_.changed = result.changed;
        if (result.refused)
            throw Error("release " + result.refused->release +
                        " cannot be played on this board: " + result.refused->why);
        add_sentence(result.changed ? "Release " + result.release + " was taken from the stick."
                                    : "The stick's release " + result.release + " is here already.");
        add_image(options, result.image);
        if (!result.alarms.empty()) add_sentence("Note: " + result.alarms.front() + '.');
    }

    const StickSetup& setup_;
    content::UpdateTime clock_;
    const ReportImport& report_;
    content::StickLayout stick_;
    std::optional<Journal> journal_;
    std::optional<SigningKey> key_;
    std::int64_t exported_ = 0;
    std::optional<content::Wave> taken_;  ///< that the stick has for the board's system
    StickResult result_;
};

}  // namespace

StickResult import_stick(const StickSetup& setup, content::UpdateTime clock, const ReportImport& report) {
    return Import(setup, clock, report).run();
}

}  // namespace riverlight::firmware
