using Microsoft.EntityFrameworkCore.Migrations;

namespace VetCommunity.Core.Data;

/// <summary>Where noticing begins in a community that is already there.</summary>
static class NoticingTables
{
    /// <summary>What was said before the update calls nobody now.</summary>
    public static void BeginNow(MigrationBuilder migration) => migration.Sql("""
        INSERT INTO "NoticedConversations" ("ConversationId", "Version", "SettledVersion") SELECT "Id", "Version", "Version" FROM "Conversations";
        """);
}
