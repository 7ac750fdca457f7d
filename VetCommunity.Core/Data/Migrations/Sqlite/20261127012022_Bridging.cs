using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace VetCommunity.Core.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Bridging : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "BridgeAsks",
                columns: table => new
                {
                    ConversationId = table.Column<int>(type: "INTEGER", nullable: false),
                    Seq = table.Column<long>(type: "INTEGER", nullable: false),
                    To = table.Column<string>(type: "TEXT", maxLength: 2, nullable: false),
                    MemberId = table.Column<int>(type: "INTEGER", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_BridgeAsks", x => new { x.ConversationId, x.Seq, x.To, x.MemberId });
                    table.ForeignKey(
                        name: "FK_BridgeAsks_Members_MemberId",
                        column: x => x.MemberId,
                        principalTable: "Members",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "BridgePairs",
                columns: table => new
                {
                    MemberId = table.Column<int>(type: "INTEGER", nullable: false),
                    From = table.Column<string>(type: "TEXT", maxLength: 2, nullable: false),
                    To = table.Column<string>(type: "TEXT", maxLength: 2, nullable: false),
                    LastAskedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_BridgePairs", x => new { x.MemberId, x.From, x.To });
                    table.ForeignKey(
                        name: "FK_BridgePairs_Members_MemberId",
                        column: x => x.MemberId,
                        principalTable: "Members",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "BridgeRequests",
                columns: table => new
                {
                    ConversationId = table.Column<int>(type: "INTEGER", nullable: false),
                    Seq = table.Column<long>(type: "INTEGER", nullable: false),
                    To = table.Column<string>(type: "TEXT", maxLength: 2, nullable: false),
                    AskedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    DoneAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_BridgeRequests", x => new { x.ConversationId, x.Seq, x.To });
                });

            migrationBuilder.CreateTable(
                name: "BridgeSuggestions",
                columns: table => new
                {
                    ConversationId = table.Column<int>(type: "INTEGER", nullable: false),
                    Seq = table.Column<long>(type: "INTEGER", nullable: false),
                    To = table.Column<string>(type: "TEXT", maxLength: 2, nullable: false),
                    MemberId = table.Column<int>(type: "INTEGER", nullable: false),
                    Text = table.Column<string>(type: "TEXT", nullable: false),
                    Machine = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_BridgeSuggestions", x => new { x.ConversationId, x.Seq, x.To, x.MemberId });
                    table.ForeignKey(
                        name: "FK_BridgeSuggestions_Members_MemberId",
                        column: x => x.MemberId,
                        principalTable: "Members",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "GlossaryTerms",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    OneLanguage = table.Column<string>(type: "TEXT", maxLength: 2, nullable: false),
                    OtherLanguage = table.Column<string>(type: "TEXT", maxLength: 2, nullable: false),
                    One = table.Column<string>(type: "TEXT", maxLength: 120, nullable: false),
                    Other = table.Column<string>(type: "TEXT", maxLength: 120, nullable: false),
                    OneFolded = table.Column<string>(type: "TEXT", nullable: false),
                    OtherFolded = table.Column<string>(type: "TEXT", nullable: false),
                    Note = table.Column<string>(type: "TEXT", maxLength: 300, nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false),
                    RemovedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_GlossaryTerms", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "MachineConsents",
                columns: table => new
                {
                    MemberId = table.Column<int>(type: "INTEGER", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MachineConsents", x => x.MemberId);
                    table.ForeignKey(
                        name: "FK_MachineConsents_Members_MemberId",
                        column: x => x.MemberId,
                        principalTable: "Members",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "Translations",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    ConversationId = table.Column<int>(type: "INTEGER", nullable: false),
                    Seq = table.Column<long>(type: "INTEGER", nullable: false),
                    From = table.Column<string>(type: "TEXT", maxLength: 2, nullable: false),
                    To = table.Column<string>(type: "TEXT", maxLength: 2, nullable: false),
                    ById = table.Column<int>(type: "INTEGER", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false),
                    Markdown = table.Column<string>(type: "TEXT", nullable: false),
                    Html = table.Column<string>(type: "TEXT", nullable: false),
                    OfText = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    Machine = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    IsAccepted = table.Column<int>(type: "INTEGER", nullable: false),
                    AcceptedById = table.Column<int>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Translations", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Translations_Members_ById",
                        column: x => x.ById,
                        principalTable: "Members",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "GlossaryChanges",
                columns: table => new
                {
                    TermId = table.Column<int>(type: "INTEGER", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false),
                    Deed = table.Column<int>(type: "INTEGER", nullable: false),
                    One = table.Column<string>(type: "TEXT", nullable: false),
                    Other = table.Column<string>(type: "TEXT", nullable: false),
                    Note = table.Column<string>(type: "TEXT", nullable: false),
                    ById = table.Column<int>(type: "INTEGER", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_GlossaryChanges", x => new { x.TermId, x.Version });
                    table.ForeignKey(
                        name: "FK_GlossaryChanges_GlossaryTerms_TermId",
                        column: x => x.TermId,
                        principalTable: "GlossaryTerms",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_GlossaryChanges_Members_ById",
                        column: x => x.ById,
                        principalTable: "Members",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_BridgeAsks_MemberId_At",
                table: "BridgeAsks",
                columns: new[] { "MemberId", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_BridgePairs_From_To_LastAskedAt",
                table: "BridgePairs",
                columns: new[] { "From", "To", "LastAskedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_BridgeRequests_To_AskedAt",
                table: "BridgeRequests",
                columns: new[] { "To", "AskedAt" },
                filter: "\"DoneAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_BridgeSuggestions_MemberId",
                table: "BridgeSuggestions",
                column: "MemberId");

            migrationBuilder.CreateIndex(
                name: "IX_GlossaryChanges_ById",
                table: "GlossaryChanges",
                column: "ById");

            migrationBuilder.CreateIndex(
                name: "IX_GlossaryTerms_OneLanguage_OtherLanguage_OneFolded_OtherFolded",
                table: "GlossaryTerms",
                columns: new[] { "OneLanguage", "OtherLanguage", "OneFolded", "OtherFolded" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Translations_Accepted",
                table: "Translations",
                columns: new[] { "ConversationId", "Seq", "To" },
                unique: true,
                filter: "\"IsAccepted\" = 1");

            migrationBuilder.CreateIndex(
                name: "IX_Translations_ById_At",
                table: "Translations",
                columns: new[] { "ById", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_Translations_ConversationId_Seq_To_ById",
                table: "Translations",
                columns: new[] { "ConversationId", "Seq", "To", "ById" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "BridgeAsks");

            migrationBuilder.DropTable(
                name: "BridgePairs");

            migrationBuilder.DropTable(
                name: "BridgeRequests");

            migrationBuilder.DropTable(
                name: "BridgeSuggestions");

            migrationBuilder.DropTable(
                name: "GlossaryChanges");

            migrationBuilder.DropTable(
                name: "MachineConsents");

            migrationBuilder.DropTable(
                name: "Translations");

            migrationBuilder.DropTable(
                name: "GlossaryTerms");
        }
    }
}
