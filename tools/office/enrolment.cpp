#include "tools/office/enrolment.hpp"

#include "content/base/crypto.hpp"
#include "content/segment/manifest.hpp"
#include "tools/office/parameters.hpp"

namespace riverlight::office {
namespace {

constexpr std::string_view letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";  // Crockford: no I, L, O, U
constexpr auto claim_code_lifetime = std::chrono::days(30);

}  // namespace

std::string new_claim_code() {
    std::string code;
    for (int i = 0; i < 16; ++i) {
        if (i > 0 && i % 4 == 0) code += '-';
        code += letters[random_below(letters.size())];
    }
    return code;
}

std::string claim_code_hash(std::string_view code) {
    std::string plain;
    for (char c : code) {
        if (c == '-' || c == ' ') continue;
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
        if (c == 'O') c = '0';
        if (c == 'I' || c == 'L') c = '1';
        plain += c;
    }
    return sha256_hex("riverlight claim " + plain);
}

std::string issue_claim_code(OfficeStore& store, const std::string& place, const std::string& board,
                             Instant now) {
    for (const auto& id : {place, board})
        if (!content::is_id(id))
            throw BadRequest("'" + id + "' is not an id: lower-case letters, digits and hyphens");
    auto code = new_claim_code();
    store.boards.add_claim_code(claim_code_hash(code), {place, board, now + claim_code_lifetime, ""});
    return code;
}

void approve_board(OfficeStore& store, const std::string& id, const std::string& fingerprint) {
    const auto board = store.boards.find(id);
    if (!board) throw BadRequest("no board '" + id + "' has enrolled here; see 'board list'");
    const auto next = store.boards.applicant(id);
    if (next && key_fingerprint(next->public_key) == fingerprint) {
        store.boards.replace(id);
        store.twins.forget(id);  // what the former key did no longer counts
        return;
    }
    if (key_fingerprint(board->public_key) != fingerprint)
        throw BadRequest("board '" + id + "' has another fingerprint than '" + fingerprint +
                         "': it is not the device that was compared. Nothing was approved");
    store.boards.set_state(id, BoardState::active);
}

void decline_board(OfficeStore& store, const std::string& id, const std::string& fingerprint) {
    const auto board = store.boards.find(id);
    if (!board) throw BadRequest("no board '" + id + "' has enrolled here; see 'board list'");
    const auto next = store.boards.applicant(id);
    if (next && key_fingerprint(next->public_key) == fingerprint) return store.boards.forget_applicant(id);
    if (board->state != BoardState::pending || key_fingerprint(board->public_key) != fingerprint)
        throw BadRequest("no device with the fingerprint '" + fingerprint + "' asks to join as board '" + id +
                         "'. Nothing was declined");
    store.boards.set_state(id, BoardState::retired);
}

void keep_device(OfficeStore& store, const std::string& board, const std::string& run) {
    if (!store.twins.resolve(board, run))
        throw BadRequest("board '" + board + "' has no twin, or no device of run '" + run +
                         "': the run stands on the device's own status page");
}

}  // namespace riverlight::office
