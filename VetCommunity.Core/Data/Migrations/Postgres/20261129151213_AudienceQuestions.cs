using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace VetCommunity.Core.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class AudienceQuestions : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "AudienceQuestionId",
                table: "SessionEvents",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "AllowsAnonymous",
                table: "LiveSessions",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.CreateTable(
                name: "AudienceQuestions",
                columns: table => new
                {
                    Id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    SessionId = table.Column<int>(type: "integer", nullable: false),
                    ById = table.Column<int>(type: "integer", nullable: false),
                    Text = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    IsAnonymous = table.Column<bool>(type: "boolean", nullable: false),
                    State = table.Column<int>(type: "integer", nullable: false),
                    AskedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AudienceQuestions", x => x.Id);
                    table.ForeignKey(
                        name: "FK_AudienceQuestions_LiveSessions_SessionId",
                        column: x => x.SessionId,
                        principalTable: "LiveSessions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_AudienceQuestions_Members_ById",
                        column: x => x.ById,
                        principalTable: "Members",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "AudienceVotes",
                columns: table => new
                {
                    QuestionId = table.Column<int>(type: "integer", nullable: false),
                    MemberId = table.Column<int>(type: "integer", nullable: false),
                    At = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AudienceVotes", x => new { x.QuestionId, x.MemberId });
                    table.ForeignKey(
                        name: "FK_AudienceVotes_AudienceQuestions_QuestionId",
                        column: x => x.QuestionId,
                        principalTable: "AudienceQuestions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_AudienceVotes_Members_MemberId",
                        column: x => x.MemberId,
                        principalTable: "Members",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_SessionEvents_AudienceQuestionId",
                table: "SessionEvents",
                column: "AudienceQuestionId");

            migrationBuilder.CreateIndex(
                name: "IX_AudienceQuestions_ById_SessionId",
                table: "AudienceQuestions",
                columns: new[] { "ById", "SessionId" });

            migrationBuilder.CreateIndex(
                name: "IX_AudienceQuestions_SessionId_State",
                table: "AudienceQuestions",
                columns: new[] { "SessionId", "State" });

            migrationBuilder.CreateIndex(
                name: "IX_AudienceVotes_MemberId",
                table: "AudienceVotes",
                column: "MemberId");

            migrationBuilder.AddForeignKey(
                name: "FK_SessionEvents_AudienceQuestions_AudienceQuestionId",
                table: "SessionEvents",
                column: "AudienceQuestionId",
                principalTable: "AudienceQuestions",
                principalColumn: "Id",
                onDelete: ReferentialAction.SetNull);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "FK_SessionEvents_AudienceQuestions_AudienceQuestionId",
                table: "SessionEvents");

            migrationBuilder.DropTable(
                name: "AudienceVotes");

            migrationBuilder.DropTable(
                name: "AudienceQuestions");

            migrationBuilder.DropIndex(
                name: "IX_SessionEvents_AudienceQuestionId",
                table: "SessionEvents");

            migrationBuilder.DropColumn(
                name: "AudienceQuestionId",
                table: "SessionEvents");

            migrationBuilder.DropColumn(
                name: "AllowsAnonymous",
                table: "LiveSessions");
        }
    }
}
