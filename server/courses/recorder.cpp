#include "server/courses/recorder.hpp"

#include "server/support/await.hpp"
#include "server/support/random.hpp"
#include "spec/base/json.hpp"
#include "spec/base/sha2.hpp"
#include "spec/prepare.hpp"

namespace leerspoor::server::courses {

boost::json::object Recorder::authority() const {
    return {{"objectType", "Agent"},
            {"name", "Leerspoor courses"},
            {"account", {{"homePage", home_page_}, {"name", "courses"}}}};
}

boost::asio::awaitable<Result<void>> Recorder::say(storage::StoreId tenant,
                                                   const std::vector<boost::json::object>& statements) {
    if (statements.empty()) co_return Result<void>();
    const auto own = authority();
    storage::Submission submission;
    for (const auto& statement : statements) {
        auto prepared = spec::prepare_statement(statement, spec::Version::v1_0_3, own, random_uuid);
        if (!prepared) co_return prepared.error();
        submission.statements.push_back(std::move(*prepared));
    }
    co_return co_await put(tenant, std::move(submission));
}

boost::asio::awaitable<Result<void>> Recorder::put(storage::StoreId tenant, storage::Submission submission) {
    auto begin = [this, tenant, &submission](storage::StatementStore::PutCallback done) {
        store_.put_statements(tenant, std::move(submission), std::move(done));
    };
    co_return co_await completion_of<Result<void>>(begin);
}

boost::asio::awaitable<Result<void>> Recorder::keep(storage::StoreId tenant, storage::DocumentName name,
                                                    const boost::json::object& content) {
    storage::Document made;
    made.content_type = "application/json";
    spec::write_json(content, made.bytes);
    made.etag = spec::sha1_hex(made.bytes);
    storage::DocumentChange change =
        [made](const auto& /*present*/) -> Result<std::optional<storage::Document>> {
        return std::optional(made);
    };
    auto begin = [this, tenant, &name, &change](storage::DocumentStore::DocumentCallback done) {
        store_.change_document(tenant, std::move(name), std::move(change), std::move(done));
    };
    const auto changed = co_await completion_of<Result<std::optional<storage::Document>>>(begin);
    co_return changed ? Result<void>() : changed.error();
}

} // namespace leerspoor::server::courses
