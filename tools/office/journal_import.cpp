#include "tools/office/journal_import.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "content/airing/batch.hpp"
#include "content/base/files.hpp"
#include "content/base/json.hpp"
#include "content/carry/stick.hpp"
#include "content/http/gzip.hpp"
#include "content/segment/manifest.hpp"

namespace riverlight::office {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_names = 20'000;  // in one folder of a stick

/// Plain entries of a folder whose names are of the form wanted; sorted, bounded, links passed over.
template <class Fits>
std::vector<std::string> names_in(const std::string& folder, bool folders, const Fits& fits) {
    std::vector<std::string> out;
    std::error_code ec;
    std::size_t seen = 0;
    for (fs::directory_iterator at(folder, ec), end; at != end && !ec && ++seen <= most_names;
         at.increment(ec)) {
        const auto kind = at->symlink_status(ec).type();
        auto name = at->path().filename().string();
        if (kind == (folders ? fs::file_type::directory : fs::file_type::regular) && fits(name))
            out.push_back(std::move(name));
    }
    std::sort(out.begin(), out.end());
    return out;
}

/// `501.json.gz` → 501; 0 for any other name.
std::int64_t number_of(const std::string& name) {
    const std::string_view suffix = ".json.gz";
    std::int64_t n = 0;
    if (!name.ends_with(suffix) || name.size() > suffix.size() + 18) return 0;
    const auto* end = name.data() + name.size() - suffix.size();
    const auto [at, ec] = std::from_chars(name.data(), end, n);
    return ec == std::errc{} && at == end && n > 0 ? n : 0;
}

bool is_epoch(const std::string& text) {
    return text.size() == 16 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

std::string refusal_of(const http::Response& response) {
    try {
        const auto value = parse_json(response.body, "answer");
        JsonFields fields(value, "answer");
        return fields.text("detail");
    } catch (const Error&) {
        return "answer " + std::to_string(response.status);
    }
}

class Importer {
  public:
    Importer(Intake& intake, const std::string& stick, Instant now)
        : intake_(intake), stick_{stick}, now_(now) {}

    JournalImport run() {
        content::require_stick(stick_.stick);
        content::refuse_links(stick_.stick, stick_.journals());
        for (const auto& board :
             names_in(stick_.journals(), true, [](const auto& name) { return content::is_id(name); }))
            for (const auto& epoch : names_in(stick_.journals() + '/' + board, true, is_epoch))
                import_epoch(board, epoch);
        return report_;
    }

  private:
    void import_epoch(const std::string& board, const std::string& epoch) {
        const auto folder = stick_.journals(board, epoch);
        auto names = names_in(folder, false, [](const auto& name) { return number_of(name) > 0; });
        std::sort(names.begin(), names.end(),
                  [](const auto& a, const auto& b) { return number_of(a) < number_of(b); });
        std::string receipt;
        std::vector<std::string> taken;
        for (const auto& name : names) {
            const auto why = import_batch(board, epoch, folder + '/' + name, receipt);
            if (why.empty()) {
                taken.push_back(folder + '/' + name);
                continue;
            }
            report_.refusals.push_back("board " + board + ": " + name + ": " + why);
        }
        report_.batches += static_cast<std::int64_t>(taken.size());
        if (receipt.empty()) return;
        const auto path = stick_.receipt(board, epoch);
        content::refuse_links(stick_.stick, path);
        make_folder(fs::path(path).parent_path().string());
        content::write_and_read_back(path, receipt);
        ++report_.receipts;
        for (const auto& done : taken) {
            std::error_code ec;
            fs::remove(done, ec);  // where it stays, it is taken again without effect
        }
    }

    /// Why a batch was not taken; empty if it was, or is held already.
    std::string import_batch(const std::string& board, const std::string& epoch, const std::string& path,
                             std::string& receipt) {
        http::Request request;
        content::Batch batch;
        try {
            request.body = read_file(path, longest_upload);
            batch = content::parse_batch(http::gunzip(request.body, longest_batch));
        } catch (const Error& e) {
            return e.what();
        }
        request.method = "PUT";
        request.headers["content-encoding"] = "gzip";
        request.headers["content-digest"] = "sha-256=:" + to_base64(sha256_raw(request.body)) + ':';
        const auto answer = intake_.airings(
            request, board, epoch, std::to_string(batch.first) + '-' + std::to_string(batch.last), now_);
        if (answer.status != 200) return refusal_of(answer);
        receipt = answer.body;
        const auto value = parse_json(receipt, "receipt");
        JsonFields fields(value, "receipt");
        if (fields.integer("held", 0, std::numeric_limits<std::int64_t>::max()) < batch.last)
            return "airings before " + std::to_string(batch.first) +
                   " are missing; the receipt says from where the board has to send again";
        return {};
    }

    Intake& intake_;
    content::StickLayout stick_;
    Instant now_;
    JournalImport report_;
};

}  // namespace

JournalImport import_journals(Intake& intake, const std::string& stick, Instant now) {
    return Importer(intake, stick, now).run();
}

}  // namespace riverlight::office
