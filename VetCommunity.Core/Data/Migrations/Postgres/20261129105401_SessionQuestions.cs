using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace VetCommunity.Core.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class SessionQuestions : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "QuestionId",
                table: "SessionEvents",
                type: "integer",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "SessionQuestions",
                columns: table => new
                {
                    Id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    SessionId = table.Column<int>(type: "integer", nullable: false),
                    Key = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    Texts = table.Column<string>(type: "text", nullable: false),
                    OpenedAt = table.Column<long>(type: "bigint", nullable: false),
                    ClosedAt = table.Column<long>(type: "bigint", nullable: true),
                    IsShown = table.Column<int>(type: "integer", nullable: false),
                    IsRevealed = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SessionQuestions", x => x.Id);
                    table.ForeignKey(
                        name: "FK_SessionQuestions_LiveSessions_SessionId",
                        column: x => x.SessionId,
                        principalTable: "LiveSessions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "SessionAnswers",
                columns: table => new
                {
                    QuestionId = table.Column<int>(type: "integer", nullable: false),
                    MemberId = table.Column<int>(type: "integer", nullable: false),
                    Answer = table.Column<string>(type: "character varying(600)", maxLength: 600, nullable: false),
                    Points = table.Column<int>(type: "integer", nullable: false),
                    At = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SessionAnswers", x => new { x.QuestionId, x.MemberId });
                    table.ForeignKey(
                        name: "FK_SessionAnswers_Members_MemberId",
                        column: x => x.MemberId,
                        principalTable: "Members",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_SessionAnswers_SessionQuestions_QuestionId",
                        column: x => x.QuestionId,
                        principalTable: "SessionQuestions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_SessionEvents_QuestionId",
                table: "SessionEvents",
                column: "QuestionId");

            migrationBuilder.CreateIndex(
                name: "IX_SessionAnswers_MemberId",
                table: "SessionAnswers",
                column: "MemberId");

            migrationBuilder.CreateIndex(
                name: "IX_SessionQuestions_SessionId_Key",
                table: "SessionQuestions",
                columns: new[] { "SessionId", "Key" },
                unique: true);

            migrationBuilder.AddForeignKey(
                name: "FK_SessionEvents_SessionQuestions_QuestionId",
                table: "SessionEvents",
                column: "QuestionId",
                principalTable: "SessionQuestions",
                principalColumn: "Id");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "FK_SessionEvents_SessionQuestions_QuestionId",
                table: "SessionEvents");

            migrationBuilder.DropTable(
                name: "SessionAnswers");

            migrationBuilder.DropTable(
                name: "SessionQuestions");

            migrationBuilder.DropIndex(
                name: "IX_SessionEvents_QuestionId",
                table: "SessionEvents");

            migrationBuilder.DropColumn(
                name: "QuestionId",
                table: "SessionEvents");
        }
    }
}
