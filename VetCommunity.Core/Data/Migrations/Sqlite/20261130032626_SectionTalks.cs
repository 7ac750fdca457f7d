using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace VetCommunity.Core.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class SectionTalks : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "EndedAt",
                table: "Topics",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "TalkId",
                table: "Documents",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "SectionTalks",
                columns: table => new
                {
                    TopicId = table.Column<int>(type: "INTEGER", nullable: false),
                    VersionId = table.Column<int>(type: "INTEGER", nullable: false),
                    Key = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SectionTalks", x => x.TopicId);
                    table.ForeignKey(
                        name: "FK_SectionTalks_LanguageVersions_VersionId",
                        column: x => x.VersionId,
                        principalTable: "LanguageVersions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_SectionTalks_Topics_TopicId",
                        column: x => x.TopicId,
                        principalTable: "Topics",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Documents_TalkId",
                table: "Documents",
                column: "TalkId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_SectionTalks_VersionId_Key",
                table: "SectionTalks",
                columns: new[] { "VersionId", "Key" },
                unique: true,
                filter: "\"EndedAt\" IS NULL");

            migrationBuilder.AddForeignKey(
                name: "FK_Documents_Conversations_TalkId",
                table: "Documents",
                column: "TalkId",
                principalTable: "Conversations",
                principalColumn: "Id");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "FK_Documents_Conversations_TalkId",
                table: "Documents");

            migrationBuilder.DropTable(
                name: "SectionTalks");

            migrationBuilder.DropIndex(
                name: "IX_Documents_TalkId",
                table: "Documents");

            migrationBuilder.DropColumn(
                name: "EndedAt",
                table: "Topics");

            migrationBuilder.DropColumn(
                name: "TalkId",
                table: "Documents");
        }
    }
}
