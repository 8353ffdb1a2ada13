-- CreateTable
CREATE TABLE "Learner" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "kind" TEXT NOT NULL,
    "email" TEXT,
    "name" TEXT,
    "passwordHash" TEXT,
    "sessionVersion" INTEGER NOT NULL DEFAULT 1,
    "mergedIntoId" TEXT,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lastSeenAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "Learner_mergedIntoId_fkey" FOREIGN KEY ("mergedIntoId") REFERENCES "Learner" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "LessonState" (
    "learnerId" TEXT NOT NULL,
    "lessonId" TEXT NOT NULL,
    "startedAt" DATETIME NOT NULL,
    "completedAt" DATETIME,
    "position" JSONB,
    "updatedAt" DATETIME NOT NULL,
    "confidence" INTEGER,
    "ratedAt" DATETIME,

    PRIMARY KEY ("learnerId", "lessonId"),
    CONSTRAINT "LessonState_learnerId_fkey" FOREIGN KEY ("learnerId") REFERENCES "Learner" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "QuizAttempt" (
    "id" TEXT NOT NULL,
    "learnerId" TEXT NOT NULL,
    "lessonId" TEXT NOT NULL,
    "questionId" TEXT NOT NULL,
    "questionVersion" TEXT NOT NULL,
    "answer" JSONB NOT NULL,
    "score" REAL NOT NULL,
    "correct" BOOLEAN NOT NULL,
    "at" DATETIME NOT NULL,

    PRIMARY KEY ("learnerId", "id"),
    CONSTRAINT "QuizAttempt_learnerId_fkey" FOREIGN KEY ("learnerId") REFERENCES "Learner" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "TerminalLog" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "learnerId" TEXT NOT NULL,
    "lessonId" TEXT NOT NULL,
    "terminalId" TEXT NOT NULL,
    "branch" TEXT NOT NULL,
    "length" INTEGER NOT NULL,
    "bytes" INTEGER NOT NULL,
    "simVersion" INTEGER NOT NULL,
    "seed" REAL NOT NULL,
    "updatedAt" DATETIME NOT NULL,
    CONSTRAINT "TerminalLog_learnerId_fkey" FOREIGN KEY ("learnerId") REFERENCES "Learner" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "TerminalChunk" (
    "eventId" TEXT NOT NULL,
    "logId" TEXT NOT NULL,
    "start" INTEGER NOT NULL,
    "entries" TEXT NOT NULL,

    PRIMARY KEY ("logId", "start"),
    CONSTRAINT "TerminalChunk_logId_fkey" FOREIGN KEY ("logId") REFERENCES "TerminalLog" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Team" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP
);

-- CreateTable
CREATE TABLE "Membership" (
    "teamId" TEXT NOT NULL,
    "learnerId" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "joinedAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,

    PRIMARY KEY ("teamId", "learnerId"),
    CONSTRAINT "Membership_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "Team" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "Membership_learnerId_fkey" FOREIGN KEY ("learnerId") REFERENCES "Learner" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Invite" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "tokenHash" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "role" TEXT NOT NULL DEFAULT 'member',
    "createdById" TEXT,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" DATETIME NOT NULL,
    "maxUses" INTEGER,
    "uses" INTEGER NOT NULL DEFAULT 0,
    "revokedAt" DATETIME,
    CONSTRAINT "Invite_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "Team" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "Invite_createdById_fkey" FOREIGN KEY ("createdById") REFERENCES "Learner" ("id") ON DELETE SET NULL ON UPDATE CASCADE
);

-- CreateIndex
CREATE UNIQUE INDEX "Learner_email_key" ON "Learner"("email");

-- CreateIndex
CREATE INDEX "Learner_mergedIntoId_idx" ON "Learner"("mergedIntoId");

-- CreateIndex
CREATE INDEX "LessonState_lessonId_idx" ON "LessonState"("lessonId");

-- CreateIndex
CREATE INDEX "QuizAttempt_learnerId_lessonId_questionId_idx" ON "QuizAttempt"("learnerId", "lessonId", "questionId");

-- CreateIndex
CREATE UNIQUE INDEX "TerminalLog_learnerId_lessonId_terminalId_branch_key" ON "TerminalLog"("learnerId", "lessonId", "terminalId", "branch");

-- CreateIndex
CREATE UNIQUE INDEX "TerminalChunk_logId_eventId_key" ON "TerminalChunk"("logId", "eventId");

-- CreateIndex
CREATE INDEX "Membership_learnerId_idx" ON "Membership"("learnerId");

-- CreateIndex
CREATE UNIQUE INDEX "Invite_tokenHash_key" ON "Invite"("tokenHash");

-- CreateIndex
CREATE INDEX "Invite_teamId_idx" ON "Invite"("teamId");
