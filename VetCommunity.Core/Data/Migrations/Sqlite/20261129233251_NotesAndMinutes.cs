using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace VetCommunity.Core.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class NotesAndMinutes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "SessionMinutes",
                columns: table => new
                {
                    SessionId = table.Column<int>(type: "INTEGER", nullable: false),
                    MadeById = table.Column<int>(type: "INTEGER", nullable: false),
                    MadeAt = table.Column<long>(type: "INTEGER", nullable: false),
                    SentById = table.Column<int>(type: "INTEGER", nullable: true),
                    SentAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Until = table.Column<long>(type: "INTEGER", nullable: true),
                    ClosedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SessionMinutes", x => x.SessionId);
                    table.ForeignKey(
                        name: "FK_SessionMinutes_LiveSessions_SessionId",
                        column: x => x.SessionId,
                        principalTable: "LiveSessions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_SessionMinutes_Members_MadeById",
                        column: x => x.MadeById,
                        principalTable: "Members",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_SessionMinutes_Members_SentById",
                        column: x => x.SentById,
                        principalTable: "Members",
                        principalColumn: "Id");
                });

            migrationBuilder.CreateTable(
                name: "SessionTexts",
                columns: table => new
                {
                    SessionId = table.Column<int>(type: "INTEGER", nullable: false),
                    Kind = table.Column<int>(type: "INTEGER", nullable: false),
                    Number = table.Column<int>(type: "INTEGER", nullable: false),
                    Text = table.Column<string>(type: "TEXT", nullable: false),
                    ById = table.Column<int>(type: "INTEGER", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SessionTexts", x => new { x.SessionId, x.Kind, x.Number });
                    table.ForeignKey(
                        name: "FK_SessionTexts_LiveSessions_SessionId",
                        column: x => x.SessionId,
                        principalTable: "LiveSessions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_SessionTexts_Members_ById",
                        column: x => x.ById,
                        principalTable: "Members",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "MinutesAnswers",
                columns: table => new
                {
                    SessionId = table.Column<int>(type: "INTEGER", nullable: false),
                    MemberId = table.Column<int>(type: "INTEGER", nullable: false),
                    Approves = table.Column<bool>(type: "INTEGER", nullable: false),
                    Objection = table.Column<string>(type: "TEXT", maxLength: 500, nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MinutesAnswers", x => new { x.SessionId, x.MemberId });
                    table.ForeignKey(
                        name: "FK_MinutesAnswers_Members_MemberId",
                        column: x => x.MemberId,
                        principalTable: "Members",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_MinutesAnswers_SessionMinutes_SessionId",
                        column: x => x.SessionId,
                        principalTable: "SessionMinutes",
                        principalColumn: "SessionId",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_MinutesAnswers_MemberId",
                table: "MinutesAnswers",
                column: "MemberId");

            migrationBuilder.CreateIndex(
                name: "IX_SessionMinutes_MadeById",
                table: "SessionMinutes",
                column: "MadeById");

            migrationBuilder.CreateIndex(
                name: "IX_SessionMinutes_SentById",
                table: "SessionMinutes",
                column: "SentById");

            migrationBuilder.CreateIndex(
                name: "IX_SessionTexts_ById",
                table: "SessionTexts",
                column: "ById");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "MinutesAnswers");

            migrationBuilder.DropTable(
                name: "SessionTexts");

            migrationBuilder.DropTable(
                name: "SessionMinutes");
        }
    }
}
